/** Words for flags, the circle and places. */
import { describe, expect, it } from "vitest";

import {
  circleClock,
  circleWords,
  flagWords,
  isOutside,
  ordinal,
  outWords,
} from "../../src/hud/objectiveWords";
import { HudView } from "../../src/hud/view";
import type { TouchState } from "../../src/input/touch";
import type { Frame, PlayerView } from "../../src/model";
import { isolated } from "../../src/names";
import { defaultValues } from "../../src/settings";
import { FlagAction, NEVER_TICK, Phase } from "../../src/wire/generated";

const SWITCHES = { scoreboard: false, netGraph: false, touch: null };

function player(slot: number, part: Partial<PlayerView> = {}): PlayerView {
  const place = { x: 0, y: 0, alive: true, place: 0, team: 0, score: 0, deaths: 0 };
  return { slot, self: slot === 0, name: `P${slot}`, ...place, ...part } as PlayerView;
}

function view(part: Partial<Frame>, players: PlayerView[]): HudView {
  const self = { slot: 0, respawnTick: 0 };
  const rest = { tick: 600, phase: Phase.PLAY, follow: 0, teamScores: [], circle: null, self };
  return new HudView({ ...rest, ...part, players } as unknown as Frame, defaultValues(), SWITCHES);
}

describe("a flag", () => {
  const sides = [player(0, { team: 1 }), player(1, { team: 2 })];
  const told = (slot: number, team: number, action: number): string[] => {
    const { kind, title } = flagWords(view({ teamScores: [0, 0] }, sides), { slot, team, action });
    return [kind, title];
  };

  it("is announced by its meaning for the own side", () => {
    expect(told(0, 2, FlagAction.TAKEN)).toEqual(["flag-good", "You took the Blue flag"]);
    expect(told(1, 1, FlagAction.TAKEN)).toEqual(["flag-bad", `${isolated("P1")} took the Red flag`]);
    expect(told(0, 2, FlagAction.CAPTURED)).toEqual(["flag-good", "You captured the Blue flag"]);
    expect(told(0, 1, FlagAction.RETURNED)).toEqual(["flag-good", "You returned the Red flag"]);
    expect(told(1, 2, FlagAction.RETURNED)).toEqual(["flag-bad", `${isolated("P1")} returned the Blue flag`]);
    expect(told(-1, 1, FlagAction.RETURNED)[1]).toBe("The Red flag is back home");
  });
});

describe("the circle", () => {
  const disc = { x: 0, y: 0, radius: 10_240 };
  const circle = { now: disc, next: disc, beginTick: 900, endTick: 1_800 };

  it("warns players outside while it matters", () => {
    const outside = [player(0, { x: 12_000 })];
    expect(isOutside(view({ circle }, outside))).toBe(true);
    expect(circleWords(view({ circle }, outside)).detail).toBe("2 tiles to go: follow the arrow");
    expect(isOutside(view({ circle }, [player(0, { x: 10_000 })]))).toBe(false);
    expect(isOutside(view({ circle, phase: Phase.WARMUP }, outside))).toBe(false);
    expect(isOutside(view({ circle }, [player(0, { x: 12_000, alive: false })]))).toBe(false);
  });

  it("says when it moves and how long", () => {
    expect(circleClock(view({ circle }, []))).toBe("circle in 5 s");
    expect(circleClock(view({ circle, tick: 1_200 }, []))).toBe("closing 10 s");
    expect(circleClock(view({ circle, tick: 2_000 }, []))).toBe("");
  });
});

describe("the local player's elimination", () => {
  const self = { slot: 0, respawnTick: NEVER_TICK };
  const out = (place: number): Partial<PlayerView> => ({ alive: false, place });
  const players = [player(0, out(2)), player(1), player(2, out(3))];

  it("says the place, and lets one watch another", () => {
    const seen = view({ self, follow: 1 } as Partial<Frame>, players);
    expect([seen.isOut, seen.own, seen.me?.slot]).toEqual([true, false, 1]);
    expect(outWords(seen, "P1")).toMatchObject({ title: "Placed 2nd of 3" });
    expect(outWords(seen, "P1").detail).toMatch(/fire shows the next player$/);
    const touch = {} as TouchState;
    const phone = new HudView(seen.frame, defaultValues(), { ...SWITCHES, touch });
    expect(outWords(phone, "P1").detail).toMatch(/the arrows switch players$/);
    expect(seen.ranking().map(({ slot }) => slot)).toEqual([1, 0, 2]);
  });

  it.each([
    [1, "1st"],
    [2, "2nd"],
    [3, "3rd"],
    [4, "4th"],
    [11, "11th"],
    [12, "12th"],
    [113, "113th"],
    [21, "21st"],
    [102, "102nd"],
  ])("%i is %s", (place, words) => {
    expect(ordinal(place)).toBe(words);
  });
});
