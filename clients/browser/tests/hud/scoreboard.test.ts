/** Who has won, in words. */
import { expect, it } from "vitest";

import { winnerText } from "../../src/hud/scoreboard";
import { HudView } from "../../src/hud/view";
import type { Frame } from "../../src/model";
import { isolated } from "../../src/names";
import { defaultValues } from "../../src/settings";

const PLAYERS = [
  { slot: 0, self: true, name: "Ada", team: 1 },
  { slot: 1, self: false, name: "Bo", team: 2 },
];
const SWITCHES = { scoreboard: false, netGraph: false, touch: null };

function told(winner: number, teamScores: number[]): string {
  const self = { slot: 0, respawnTick: 0 };
  const players = PLAYERS.map((one) => ({ ...one, team: teamScores.length > 0 ? one.team : 0 }));
  const frame = { winner, teamScores, players, self, follow: -1 } as unknown as Frame;
  return winnerText(new HudView(frame, defaultValues(), SWITCHES));
}

it.each([
  [0, [], "You won"],
  [1, [], `${isolated("Bo")} won`],
  [-1, [], "A draw"],
  [1, [5, 3], "Your side won"],
  [2, [3, 5], "Blue won"],
  [-1, [3, 3], "A draw"],
])("a winner of %i with %j points is: %s", (winner, teamScores, words) => {
  expect(told(winner, teamScores)).toBe(words);
});
