/** When the page looks into a lost line, and that the answer goes when the line is back. */
import { beforeEach, describe, expect, it } from "vitest";

import { Page } from "../lobby/page";

let page: Page;

beforeEach(() => {
  page = new Page();
});

async function fail(count: number): Promise<void> {
  for (let failure = 0; failure < count; failure += 1) {
    page.lobbySocket().handlers.closed(1006, "");
    await settled();
    page.scheduler.advance(5_000);
  }
}

async function settled(): Promise<void> {
  for (let turn = 0; turn < 4; turn += 1) await Promise.resolve();
}

describe("a line that is lost", () => {
  it("is not looked into while a replaced process may be back at once", async () => {
    page.start();
    await fail(3);
    expect(page.probed).toEqual([]);
    expect(page.shown.trouble).toBeNull();
  });

  it("is looked into at the fourth failure, and then every fifteen seconds at most", async () => {
    page.start();
    await fail(4);
    expect(page.probed).toEqual(["lobby"]);
    expect(page.shown.trouble).toMatchObject({ kind: "unreachable" });
    await fail(2); // ten more seconds
    expect(page.probed).toHaveLength(1);
    await fail(1);
    expect(page.probed).toHaveLength(2);
  });

  it("goes on being tried, and the words go when it is back", async () => {
    page.start();
    await fail(5);
    expect(page.network.sockets).toHaveLength(6);
    page.welcome();
    expect(page.shown).toMatchObject({ connection: { kind: "online" }, trouble: null });
  });

  it("says nothing when it came back before the answer did", () => {
    page.start();
    for (let failure = 0; failure < 4; failure += 1) {
      page.lobbySocket().handlers.closed(1006, "");
      page.scheduler.advance(5_000);
    }
    expect(page.probed).toHaveLength(1);
    page.welcome();
    return settled().then(() => {
      expect(page.shown.trouble).toBeNull();
    });
  });

  it("of a match is looked into by its own path", async () => {
    page.start();
    page.welcome();
    page.say("seat", { match: "m1", path: "/match/m1", ticket: Uint8Array.of(5), watch: 0 });
    for (let failure = 0; failure < 4; failure += 1) {
      page.network.last.handlers.closed(1006, "");
      await settled();
      page.scheduler.advance(3_000);
    }
    expect(page.probed).toEqual(["match/m1"]);
    expect(page.shown).toMatchObject({ activity: { kind: "seating" }, trouble: {} });
  });
});
