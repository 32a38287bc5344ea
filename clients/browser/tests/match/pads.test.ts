/** What is known of pads that are out of sight. */
import { expect, it } from "vitest";

import { Round } from "../../src/netcode/round";
import type { MatchServerWelcome } from "../../src/wire/generated";
import { HALL } from "../rules/grounds";
import { viewOf } from "../netcode/views";

it("shows pads as last seen, until another phase fills them", () => {
  const pads = [0, 1].map((kind) => ({ kind, x: 2_000, y: 2_000 }));
  const welcome: MatchServerWelcome = {
    ...{ slot: -1, tick: 1, match: "m1", mode: "duel", map: "hall", round: 1, mapDigest: "" },
    ...{ resume: new Uint8Array(), scoreLimit: 10, playersMax: 2, voteMaps: [] },
    type: "welcome",
  };
  const round = new Round(welcome, { ...HALL, pads });
  const seen = (tick: number, phase: number, rows: [number, number][]): number[] => {
    const shown = new Map(rows.map(([index, ready]) => [index, [ready]]));
    round.ingest({ ...viewOf(tick, {}), match: [phase, 0, -1, 2], pads: shown });
    return round.padReadyTicks;
  };
  expect(seen(2, 2, [[0, 900]])).toEqual([900, 0]);
  expect(seen(4, 2, [[1, 50]])).toEqual([900, 50]);
  expect(seen(6, 2, [])).toEqual([900, 50]);
  expect(seen(8, 2, [[0, 0]])).toEqual([0, 50]);
  expect(seen(10, 3, [])).toEqual([0, 0]);
});
