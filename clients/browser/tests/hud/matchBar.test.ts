// @vitest-environment happy-dom
/** The clock between two scores. */
import { expect, it } from "vitest";

import { MatchBar } from "../../src/hud/matchBar";
import { Phase } from "../../src/lexicon";
import type { Frame } from "../../src/model";
import { isolated } from "../../src/names";
import { player, shownText, view } from "./frames";

function drawn(values: Partial<Frame>): MatchBar {
  const bar = new MatchBar();
  bar.draw(view(values));
  return bar;
}

it("puts the player against the best of the others", () => {
  const players = [player(0, { score: 3 }), player(1, { score: 5 }), player(2, { name: "Cy", score: 4 })];
  const bar = drawn({ players, tick: 0, phaseEndTick: 61 * 60 });
  expect(shownText(bar.root)).toBe(`3. You 3 1:01 to 10 1. ${isolated("Bo")} 5`);
  expect([...bar.root.querySelectorAll(".leading .name")].map((one) => one.textContent)).toEqual([`1. ${isolated("Bo")}`]);
});

it("has no rival to show for somebody alone", () => {
  expect(shownText(drawn({ players: [player(0)], scoreLimit: 0 }).root)).toBe("1. You 0");
});

it("puts the own side on the left, with its flag", () => {
  const players = [player(0, { team: 2 }), player(1, { team: 1 })];
  const flags = [1, 2].map((team) => ({ team, x: 0, y: 0, seen: true, state: "home" as const, carrier: -1, returnTick: 0 }));
  const bar = drawn({ players, teamScores: [4, 1], flags });
  expect(shownText(bar.root)).toBe("Flag Blue (you) 1 to 10 Flag Red 4");
  expect(bar.root.querySelector(".leading .name")?.textContent).toBe("Red");
});

it("hurries in the last half minute of play only", () => {
  const isHurried = (phase: number, seconds: number): boolean =>
    drawn({ phase, tick: 0, phaseEndTick: seconds * 60 }).root.querySelector(".hurried") !== null;
  expect([isHurried(Phase.PLAY, 31), isHurried(Phase.PLAY, 29), isHurried(Phase.SCOREBOARD, 5)]).toEqual([false, true, false]);
});
