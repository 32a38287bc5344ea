// @vitest-environment happy-dom
/** Waiting for players, and for the seat. */
import { expect, it } from "vitest";

import type { LobbyState } from "../../src/model";
import { QueueScreen } from "../../src/screens/queue";
import { shownText } from "../hud/frames";
import { actions, buttonOf, lobby } from "./lobby";

function shown(activity: LobbyState["activity"]): { root: HTMLElement; asked: ReturnType<typeof actions> } {
  const asked = actions();
  const made = new QueueScreen(asked);
  made.show(lobby({ activity }));
  return { root: made.root, asked };
}

it.each<[LobbyState["activity"], string]>([
  [
    { kind: "queued", mode: "duel", waiting: 1, botsInS: 3 },
    "Looking for players: Duel You are the first one here Bots join in 3 s Cancel",
  ],
  [
    { kind: "queued", mode: "duel", waiting: 3, botsInS: 0 },
    "Looking for players: Duel 2 more waiting with you Bots are joining Cancel",
  ],
  [{ kind: "seating" }, "Taking your seat Your match is ready. Back"],
])("of %o says: %s", (activity, words) => {
  expect(shownText(shown(activity).root)).toBe(words);
});

it("leaves the queue, or the way to the seat", () => {
  const queued = shown({ kind: "queued", mode: "duel", waiting: 1, botsInS: 3 });
  buttonOf(queued.root, "Cancel").click();
  expect([queued.asked.cancel.mock.calls.length, queued.asked.leaveMatch.mock.calls.length]).toEqual([1, 0]);
  const seating = shown({ kind: "seating" });
  buttonOf(seating.root, "Back").click();
  expect([seating.asked.cancel.mock.calls.length, seating.asked.leaveMatch.mock.calls.length]).toEqual([0, 1]);
});
