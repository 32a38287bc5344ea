/** Whom the HUD is about, and the order of players and teams. */
import { expect, it } from "vitest";

import { NEVER_TICK } from "../../src/wire/generated";
import { player, self, view } from "./frames";

it("is about the player, or about the one a spectator follows", () => {
  expect(view().me?.name).toBe("Ada");
  expect(view({ self: null, follow: 1 }).me?.name).toBe("Bo");
  expect(view({ self: null, follow: -1 }).me).toBeUndefined();
});

it("is about the followed one once the only life is over", () => {
  const players = [player(0, { alive: false }), player(1)];
  const out = view({ players, self: self({ respawnTick: NEVER_TICK }), follow: 1 });
  expect([out.isOut, out.own, out.me?.name]).toEqual([true, false, "Bo"]);
});

it("ranks by place, then score, then fewer deaths, then slot", () => {
  const players = [
    player(0, { score: 2, deaths: 3 }),
    player(1, { score: 2, deaths: 1 }),
    player(2, { score: 9, place: 4 }),
    player(3, { score: 2, deaths: 1 }),
  ];
  expect(view({ players }).ranking().map((one) => one.slot)).toEqual([1, 3, 0, 2]);
});

it("puts the own team first", () => {
  expect(view({ teamScores: [1, 2], players: [player(0, { team: 2 })] }).teams).toEqual([2, 1]);
  expect(view({ teamScores: [1, 2], players: [player(0, { team: 1 })] }).teams).toEqual([1, 2]);
});
