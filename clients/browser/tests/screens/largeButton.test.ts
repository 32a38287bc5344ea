/** What the large button does. */
import { expect, it } from "vitest";

import type { ConnectionState } from "../../src/model";
import { partingLabel, wayOnOf } from "../../src/screens/largeButton";

it.each<[ConnectionState, string, ReturnType<typeof wayOnOf>]>([
  [{ kind: "online" }, "Duel", { label: "Play", detail: "Duel", act: "play" }],
  [{ kind: "online" }, "", { label: "Play", detail: "", act: null }],
  [{ kind: "offline" }, "Duel", { label: "Play", detail: "Connecting…", act: null }],
  [{ kind: "connecting", attempt: 0 }, "Duel", { label: "Play", detail: "Connecting…", act: null }],
  [{ kind: "retrying", attempt: 2, inMs: 9, reason: "" }, "Duel", { label: "Play", detail: "Connecting…", act: null }],
  [{ kind: "retrying", attempt: 3, inMs: 9, reason: "" }, "Duel", { label: "Try now", detail: "", act: "now" }],
  [{ kind: "ended", code: 4003, reason: "", way: "reload" }, "Duel", { label: "Reload", detail: "", act: "reload" }],
  [{ kind: "ended", code: 4007, reason: "", way: "reconnect" }, "Duel", { label: "Play here", detail: "", act: "reconnect" }],
])("of %o with %s is %o", (connection, mode, button) => {
  expect(wayOnOf(connection, mode)).toEqual(button);
});

it("offers to go on watching after a replay that was interrupted", () => {
  expect([partingLabel("again"), partingLabel("play")]).toEqual(["Go on watching", "Play"]);
});
