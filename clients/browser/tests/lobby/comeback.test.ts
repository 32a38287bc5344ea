/** What becomes of the person's place in the lobby when its connection is lost. */
import { beforeEach, describe, expect, it } from "vitest";

import { Refusal } from "../../src/wire/generated";
import { Page, QUEUED, ROOM, SEAT } from "./page";

let page: Page;

beforeEach(() => {
  page = new Page();
});

describe("a lobby connection that is lost", () => {
  /** The connection goes, and comes back; the lobby says where the person stands. */
  function comeBack(type: string, fields: Record<string, unknown> = {}): void {
    page.lobbySocket().handlers.closed(1006, "");
    page.scheduler.advance(1_000);
    page.welcome();
    page.say(type, fields);
  }
  const wishes = (): unknown[] =>
    page.heard().filter(({ type }) => type !== "hello" && type !== "list_matches");

  it("goes on in the queue where it stood", () => {
    const app = page.start();
    page.welcome();
    app.play("duel");
    page.say("queued", QUEUED);
    comeBack("queued", QUEUED);
    expect(page.shown.activity.kind).toBe("queued");
    expect(wishes()).toEqual([]);
  });

  it("asks once more for the queue it lost its place in", () => {
    const app = page.start();
    page.welcome();
    app.play("duel");
    page.say("queued", QUEUED);
    comeBack("idle");
    expect(wishes()).toEqual([{ type: "play", mode: "duel" }]);
    page.say("refused", { about: 2, code: Refusal.BUSY, text: "no" });
    page.say("idle");
    expect(wishes()).toHaveLength(1);
    expect(page.shown.activity.kind).toBe("idle");
  });

  it("takes the seat that it was not told of before", () => {
    const app = page.start();
    page.welcome();
    app.play("duel");
    page.say("queued", QUEUED);
    comeBack("seat", SEAT);
    expect(page.network.last.path).toBe("match/m1");
    expect(wishes()).toEqual([]);
    page.say("idle");
    expect(wishes()).toEqual([]);
  });

  it("goes back into the room by its code", () => {
    page.start();
    page.welcome();
    page.say("room", ROOM);
    comeBack("idle");
    expect(wishes()).toEqual([{ type: "join_room", code: ROOM.code }]);
  });

  it("asks for nothing when the person stood nowhere", () => {
    page.start();
    page.welcome();
    page.say("idle");
    comeBack("idle");
    expect(wishes()).toEqual([]);
  });

  it("asks for nothing when the person plays, or thought better of it meanwhile", async () => {
    const app = page.start();
    page.welcome();
    page.say("room", ROOM);
    await page.seated();
    comeBack("idle");
    expect(wishes()).toEqual([]);
    app.leaveMatch();
    app.play("duel");
    page.say("queued", QUEUED);
    page.lobbySocket().handlers.closed(1006, "");
    app.cancel();
    expect(page.shown.activity.kind).toBe("idle");
    page.scheduler.advance(200);
    page.lobbySocket().handlers.closed(1006, ""); // and once more
    comeBack("idle");
    expect(wishes()).toEqual([{ type: "cancel" }]);
  });
});
