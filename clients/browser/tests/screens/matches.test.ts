// @vitest-environment happy-dom
/** Running matches on the first page. */
import { expect, it } from "vitest";

import { Phase } from "../../src/lexicon";
import type { LobbyState, MatchRow } from "../../src/model";
import { MatchesCard } from "../../src/screens/matches";
import { actions, buttonOf, lobby } from "./lobby";

const ROW: MatchRow = {
  ...{ match: "m1", mode: "duel", map: "yard", people: 1, bots: 1, playersMax: 2, watchers: 0 },
  ...{ phase: Phase.PLAY, secondsLeft: 61 },
};

function shown(values: Partial<LobbyState>): { root: HTMLElement; asked: ReturnType<typeof actions> } {
  const asked = actions();
  const made = new MatchesCard(asked);
  made.show(lobby(values));
  return { root: made.root, asked };
}

it.each([
  [ROW, "Duel · 1:01 left · 1/2 players, 1 bots"],
  [{ ...ROW, watchers: 3 }, "Duel · 1:01 left · 1/2 players, 1 bots, 3 watching"],
  [{ ...ROW, phase: Phase.WARMUP }, "Duel · Warm-up · 1/2 players, 1 bots"],
  [{ ...ROW, mode: "chess" }, "chess · 1:01 left · 1/2 players, 1 bots"],
])("of %o says: %s", (row, words) => {
  expect(shown({ matches: [row] }).root.querySelector("small")?.textContent).toBe(words);
});

it("joins and watches; a full match can only be watched", () => {
  const { root, asked } = shown({ matches: [ROW] });
  buttonOf(root, "Join").click();
  buttonOf(root, "Watch").click();
  expect([asked.joinMatch.mock.calls, asked.watchMatch.mock.calls]).toEqual([[["m1"]], [["m1"]]]);
  expect(buttonOf(shown({ matches: [{ ...ROW, people: 2 }] }).root, "Join").disabled).toBe(true);
});

it("says something where there is nothing, and can be refreshed", () => {
  const { root, asked } = shown({});
  expect(root.textContent).toContain("Nobody is playing right now");
  expect(shown({ connection: { kind: "offline" } }).root.textContent).toContain("No connection yet");
  buttonOf(root, "Refresh").click();
  expect(asked.refreshMatches).toHaveBeenCalledOnce();
});
