/**
 * Words for flags, the circle and the local player's elimination. Must not know where they are shown.
 */
import { Phase, SIDE_TITLES, TICKS_PER_SECOND } from "../lexicon";
import { isolated } from "../names";
import { FlagAction } from "../wire/generated";
import type { HudView } from "./view";

export interface Words {
  kind: string;
  title: string;
  detail: string;
}

const ACTIONS: Record<number, string> = {
  [FlagAction.TAKEN]: "took",
  [FlagAction.DROPPED]: "dropped",
  [FlagAction.RETURNED]: "returned",
  [FlagAction.CAPTURED]: "captured",
};

/** "You took the Red flag", "The Blue flag is back home". */
export function flagWords(view: HudView, fields: Record<string, number>): Words {
  const { slot = -1, team = 0, action = 0 } = fields as Record<string, number>;
  const flag = `the ${SIDE_TITLES[team] ?? ""} flag`;
  const player = view.player(slot);
  const isAgainst = action === FlagAction.TAKEN || action === FlagAction.CAPTURED;
  const isGood = isAgainst !== (team === view.ownTeam);
  const kind = action === FlagAction.DROPPED ? "flag" : isGood ? "flag-good" : "flag-bad";
  if (player === undefined) {
    return { kind, title: `T${flag.slice(1)} is back home`, detail: "" };
  }
  const who = player.self ? "You" : isolated(player.name);
  const detail = player.self && action === FlagAction.TAKEN ? "Bring it to your own" : "";
  return { kind, title: `${who} ${ACTIONS[action] ?? "touched"} ${flag}`, detail };
}

/** Whether the one who is looked at loses health outside of the circle. */
export function isOutside({ frame, me }: HudView): boolean {
  if (frame.circle === null || me === undefined || !me.alive) return false;
  if (frame.phase !== Phase.PLAY && frame.phase !== Phase.OVERTIME) return false;
  const { x, y, radius } = frame.circle.now;
  return Math.hypot(me.x - x, me.y - y) > radius;
}

export function circleWords({ frame, me }: HudView): Words {
  const now = frame.circle?.now ?? { x: 0, y: 0, radius: 0 };
  const way = Math.hypot((me?.x ?? 0) - now.x, (me?.y ?? 0) - now.y) - now.radius;
  const tiles = Math.max(1, Math.ceil(way / 1_024));
  const detail = `${tiles} tile${tiles === 1 ? "" : "s"} to go: follow the arrow`;
  return { kind: "outside", title: "Outside the circle", detail };
}

/** "Placed 5th of 64". */
export function outWords(view: HudView, killer: string): Words {
  const { frame } = view;
  const self = frame.players.find((player) => player.self);
  const by = killer === "" ? "" : `Taken out by ${killer}`;
  const title =
    self === undefined || self.place === 0
      ? "You are out"
      : `Placed ${ordinal(self.place)} of ${frame.players.length}`;
  const next = view.switches.touch === null ? "fire shows the next player" : "the arrows switch players";
  const watching = `You are spectating: ${next}`;
  return { kind: "out", title, detail: [by, watching].filter(Boolean).join(" · ") };
}

/** 1st, 2nd, 3rd, 4th, 11th, 21st. */
export function ordinal(place: number): string {
  const last = place % 10;
  const isTeen = Math.floor(place / 10) % 10 === 1;
  const ending = isTeen ? "th" : (["th", "st", "nd", "rd"][last] ?? "th");
  return `${place}${ending}`;
}

/** How long until the circle moves, or that it does; "" without one. */
export function circleClock({ frame }: HudView): string {
  if (frame.circle === null) return "";
  const { beginTick, endTick } = frame.circle;
  const secondsTo = (tick: number): number => Math.ceil((tick - frame.tick) / TICKS_PER_SECOND);
  if (frame.tick < beginTick) return `circle in ${secondsTo(beginTick)} s`;
  return frame.tick < endTick ? `closing ${secondsTo(endTick)} s` : "";
}
