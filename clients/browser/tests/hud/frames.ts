/** Frames for widgets: two players in a duel, changed as a test asks. */
import { HudView, type HudSwitches } from "../../src/hud/view";
import { Phase } from "../../src/lexicon";
import type { Frame, PlayerView, SelfView } from "../../src/model";
import { defaultValues } from "../../src/settings";

const NOBODY: PlayerView = {
  ...{ slot: 0, name: "", bot: false, connected: true, self: false, seen: true, appeared: false },
  ...{ x: 0, y: 0, vx: 0, vy: 0, aim: 0, alive: true, dashing: false, protected: false },
  ...{ double: false, firing: false, weapon: 0, health: 100, armour: 0, score: 0, kills: 0 },
  ...{ deaths: 0, shots: 0, hits: 0, streakBest: 0, medals: 0, place: 0, team: 0, vote: -1 },
  pingMs: 0,
};

const SELF: SelfView = {
  ...{ slot: 0, ammo: [-1, 6, 0, 0, 0], fireReadyTick: 0, dashReadyTick: 0 },
  ...{ protectedUntilTick: 0, doubleUntilTick: 0, respawnTick: 0 },
};

const NET: Frame["net"] = {
  ...{ pingMs: 40, jitterMs: 3, marginTicks: 2, snapshotBytes: 90, snapshotsPerSecond: 30 },
  ...{ correctionsTotal: 0, correctionsUnforced: 0, correctionUnits: 0, interpolationTicks: 4 },
  history: [{ pingMs: 40, marginTicks: 2, snapshotBytes: 90, corrected: true }],
};

export function player(slot: number, values: Partial<PlayerView> = {}): PlayerView {
  return { ...NOBODY, slot, name: slot === 0 ? "Ada" : "Bo", self: slot === 0, ...values };
}

export function self(values: Partial<SelfView> = {}): SelfView {
  return { ...SELF, ...values };
}

export function frame(values: Partial<Frame> = {}): Frame {
  return {
    ...{ tick: 600, nowMs: 10_000, deltaMs: 16, mode: "duel", phase: Phase.PLAY, phaseEndTick: 0 },
    ...{ winner: -1, playersMin: 2, scoreLimit: 10, teamScores: [], flags: [], circle: null },
    ...{ voteMaps: [], players: [player(0), player(1)], shots: [], padReadyTicks: [] },
    ...{ self: self(), follow: -1, events: [], net: NET, notice: null },
    arena: {
      ...{ name: "yard", title: "Yard", width: 4, height: 3, pads: [], flags: [] },
      walls: new Uint8Array(12),
      openCells: new Uint8Array(12),
      floor: new Uint8Array(12),
    },
    connection: { kind: "online" },
    ...values,
  };
}

export function view(values: Partial<Frame> = {}, switches: Partial<HudSwitches> = {}): HudView {
  const all = { scoreboard: false, netGraph: false, touch: null, ...switches };
  return new HudView(frame(values), defaultValues(), all);
}

/** The text of what is shown: hidden parts are left out. */
export function shownText(root: Element): string {
  if (root.hasAttribute("hidden")) return "";
  const parts = [...root.childNodes].map((node) =>
    node instanceof Element ? shownText(node) : (node.textContent ?? ""),
  );
  return parts.filter((part) => part.trim() !== "").join(" ");
}
