/** What a frame shows of players in sight and out of it. */
import { describe, expect, it } from "vitest";

import { playerViews } from "../../src/match/frameBuilder";
import { objectives } from "../../src/match/objectives";
import { Round } from "../../src/netcode/round";
import { CARD_FIELDS, OWN_FIELDS, type MatchServerWelcome } from "../../src/wire/generated";
import type { View } from "../../src/wire/snapshot";
import { HALL } from "../rules/grounds";
import { viewOf } from "../netcode/views";

const WELCOME: MatchServerWelcome = {
  type: "welcome",
  ...{ slot: -1, tick: 0, match: "m", mode: "deathmatch", map: HALL.name },
  ...{ mapDigest: "", resume: new Uint8Array(), scoreLimit: 25, playersMax: 8 },
  ...{ voteMaps: [], round: 0 },
};

/** The view with so much fired and hit: by oneself, so far, and by everybody on the cards. */
function accurate(view: View, own: [number, number], cards: [number, number]): View {
  const ownPart = OWN_FIELDS.map((name) => ({ shots: own[0], hits: own[1] })[name as string] ?? 0);
  const table = [...view.cards].map(([slot, card]): [number, readonly number[]] => [
    slot,
    card.map((value, index) => ({ shots: cards[0], hits: cards[1] })[CARD_FIELDS[index] as string] ?? value),
  ]);
  return { ...view, own: ownPart, cards: new Map(table) };
}

/** The view without the bodies of these. */
function hiding(view: View, ...slots: number[]): View {
  const bodies = new Map([...view.bodies].filter(([slot]) => !slots.includes(slot)));
  return { ...view, bodies };
}

function roundOf(...views: View[]): Round {
  const round = new Round(WELCOME, HALL);
  for (const view of views) round.ingest(view);
  return round;
}

const at = (x: number): { x: number; y: number; vx: number } => ({ x, y: 3_000, vx: 100 });

describe("accuracy", () => {
  it("is the own one at once, and the others' when the cards arrive", () => {
    const stand = viewOf(10, { 0: at(2_000), 1: at(5_000) });
    const round = new Round({ ...WELCOME, slot: 0 }, HALL);
    const shown = (): [number, number][] =>
      playerViews(round, new Map(), { ownTick: 12, othersTick: 10 }).map((player) => [
        player.shots,
        player.hits,
      ]);
    round.ingest(accurate(stand, [20, 7], [0, 0]));
    expect(shown()).toEqual([
      [20, 7],
      [0, 0],
    ]);
    round.ingest({ ...accurate(stand, [20, 7], [20, 7]), tick: 12 });
    expect(shown()).toEqual([
      [20, 7],
      [20, 7],
    ]);
  });
});

describe("a player out of sight", () => {
  const seen = (x: number, tick: number): View => viewOf(tick, { 0: at(2_000), 1: at(x) });

  it("stands on the scoreboard, has no place, and lives or not as it is said", () => {
    const round = roundOf(hiding(seen(5_000, 10), 1));
    const [first, second] = playerViews(round, new Map(), { ownTick: 10, othersTick: 10 });
    expect([first?.seen, first?.x]).toEqual([true, 2_000]);
    expect([second?.slot, second?.seen, second?.alive]).toEqual([1, false, true]);
    expect([second?.x, second?.y, second?.health]).toEqual([0, 0, 0]);
  });

  it("is there from the tick of coming into sight, and not on a way from the place before", () => {
    const round = roundOf(
      seen(5_000, 10),
      hiding(seen(0, 12), 1),
      seen(5_600, 14),
      seen(5_800, 16),
    );
    const drawn = (tick: number): number | null => {
      const player = playerViews(round, new Map(), { ownTick: tick, othersTick: tick })[1];
      return player?.seen === true ? player.x : null;
    };
    expect([12, 13, 13.9, 14, 15].map(drawn)).toEqual([null, null, null, 5_600, 5_700]);
  });

  it("carries a flag that is out of sight too", () => {
    const flags = new Map([[1, [9_000, 9_000, 1, 0]]]);
    const flagIn = (view: View): boolean | undefined => {
      const round = roundOf({ ...view, flags });
      const players = playerViews(round, new Map(), { ownTick: 10, othersTick: 10 });
      return objectives(round.view, players, 10).flags[0]?.seen;
    };
    expect(flagIn(seen(5_000, 10))).toBe(true);
    expect(flagIn(hiding(seen(5_000, 10), 1))).toBe(false);
  });
});
