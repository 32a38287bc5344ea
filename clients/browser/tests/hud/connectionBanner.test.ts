// @vitest-environment happy-dom
/** A lost connection, with its countdown; and what the server announces. */
import { expect, it } from "vitest";

import { ConnectionBanner } from "../../src/hud/connectionBanner";
import type { Frame } from "../../src/model";
import { shownText, view } from "./frames";

function words(values: Partial<Frame>): string {
  const banner = new ConnectionBanner();
  banner.draw(view(values));
  return shownText(banner.root);
}

it.each<[Frame["connection"], string]>([
  [{ kind: "online" }, ""],
  [{ kind: "connecting", attempt: 0 }, "Connecting…"],
  [
    { kind: "retrying", attempt: 2, inMs: 1_400, reason: "the server went silent" },
    "Connection lost: trying again in 2 s (attempt 2) The server went silent. Your seat is kept for a minute.",
  ],
  [
    { kind: "retrying", attempt: 3, inMs: 0, reason: "" },
    "Connection lost: trying now (attempt 3) Your seat is kept for a minute.",
  ],
  [{ kind: "ended", code: 4007, reason: "You play in another tab.", way: "play" }, "The connection has ended You play in another tab."],
  [{ kind: "offline" }, "Not connected"],
])("of %o says: %s", (connection, told) => {
  expect(words({ connection })).toBe(told);
});

it("counts a notice down, and then is silent", () => {
  const notice = { text: "The server restarts in a moment", untilMs: 13_000 };
  expect(words({ nowMs: 10_000, notice })).toBe("The server restarts in a moment (3 s)");
  expect(words({ nowMs: 13_000, notice })).toBe("");
});
