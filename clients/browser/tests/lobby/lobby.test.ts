/** From the start page to a match and back, as the screens see it. */
import { beforeEach, describe, expect, it } from "vitest";

import { wishOfAddress } from "../../src/deepLink";
import { Settings } from "../../src/settings";
import { testHook } from "../../src/testHook";
import { decodeMessage } from "../../src/wire/codec";
import { FINGERPRINT, LOBBY_CLIENT, MATCH_CLIENT, Refusal } from "../../src/wire/generated";
import { FakeNetwork } from "../fakes";
import { Page, QUEUED, ROOM, SEAT } from "./page";

let page: Page;

beforeEach(() => {
  page = new Page();
});

describe("the start page", () => {
  it("connects by itself, introduces itself, and requests the running matches", () => {
    page.start();
    expect(page.shown.connection.kind).toBe("connecting");
    page.welcome();
    expect(page.shown).toMatchObject({ name: "Ada", online: 3, activity: { kind: "idle" } });
    expect(page.shown.connection.kind).toBe("online");
    expect(page.heard().map((message) => message["type"])).toEqual(["hello", "list_matches"]);
  });

  it("tells a page of another version to reload, and does not try again", () => {
    page.start();
    page.welcome("00".repeat(8));
    expect(page.shown.connection).toMatchObject({ kind: "ended" });
    expect(page.shown.error).toContain("reload");
    page.scheduler.advance(60_000);
    expect(page.network.sockets).toHaveLength(1);
  });

  it("shows a refusal in words, until the next wish", () => {
    const app = page.start();
    page.welcome();
    page.say("refused", { about: 5, code: Refusal.ROOM, text: "No room has this code." });
    expect(page.shown.error).toBe("No room has this code.");
    app.play("duel");
    expect(page.shown.error).toBe("");
  });

  it("carries out a wish that came before the server did, once", () => {
    const app = page.start();
    app.play("duel");
    page.welcome();
    page.lobbySocket().handlers.closed(1006, "");
    page.scheduler.advance(1_000);
    page.welcome();
    expect(page.heard().filter((message) => message["type"] === "play")).toHaveLength(0);
    const first = page.network.sockets[0]?.sent.map((bytes) => decodeMessage(LOBBY_CLIENT, bytes));
    expect(first?.map(({ type }) => type)).toContain("play");
  });

  it("comes back with the session it had", () => {
    page.start();
    page.welcome();
    page.lobbySocket().handlers.closed(1006, "");
    expect(page.shown.connection.kind).toBe("retrying");
    page.scheduler.advance(5_000);
    page.lobbySocket().handlers.opened();
    expect(page.heard()[0]).toMatchObject({ type: "hello", session: Uint8Array.of(9, 9) });
  });

  it("keeps a new name, and tells the server", () => {
    const settings = new Settings(null);
    const app = page.start(null, settings);
    page.welcome();
    app.rename("  Grace  ");
    expect(settings.values.name).toBe("Grace");
    expect(page.heard().at(-1)).toEqual({ type: "rename", name: "Grace" });
  });

  describe("a name that the server changes", () => {
    const NOTE = "You are Ada 2 here: a name like that is taken";
    const play = { type: "play", mode: "duel" };

    it("is shown before a match is requested, which waits for confirmation", () => {
      const app = page.start();
      page.welcome();
      app.rename("Ada");
      app.play("duel");
      expect(page.heard().at(-1)).toEqual({ type: "rename", name: "Ada" });
      page.welcome(FINGERPRINT, "Ada 2", NOTE);
      expect(page.shown).toMatchObject({ name: "Ada 2", nameNote: NOTE });
      expect(page.heard()).not.toContainEqual(play);
      app.acceptName();
      expect(page.heard().at(-1)).toEqual(play);
      expect(page.shown.nameNote).toBe("");
    });

    it("does not hold up a repeated request", () => {
      const app = page.start();
      page.welcome(FINGERPRINT, "Ada 2", NOTE);
      app.play("duel");
      expect(page.heard().at(-1)).toEqual(play);
    });

    it("holds up the request in the address", () => {
      const app = page.start(wishOfAddress("?room=QWR-TYX-BCD"));
      page.welcome(FINGERPRINT, "Ada 2", NOTE);
      expect(page.heard().at(-1)).toEqual({ type: "list_matches" });
      app.acceptName();
      expect(page.heard().at(-1)).toEqual({ type: "join_room", code: "QWR-TYX-BCD" });
    });

    it("does not hold up players whose name was accepted", () => {
      const app = page.start();
      page.welcome();
      app.rename("Grace");
      app.play("duel");
      page.welcome(FINGERPRINT, "Grace");
      expect(page.heard().at(-1)).toEqual(play);
    });

    it("stays when the new one is refused, and nothing happens under the refused one", () => {
      const app = page.start();
      page.welcome();
      app.rename("Admin");
      app.play("duel");
      page.say("refused", { about: 12, code: Refusal.NAME, text: "reads like staff" });
      expect(page.shown).toMatchObject({ name: "Ada", error: "reads like staff" });
      expect(page.heard()).not.toContainEqual(play);
    });

    it("is requested again after a lost connection, and waiting requests continue", () => {
      const app = page.start();
      page.welcome();
      app.rename("Grace");
      app.play("duel");
      page.lobbySocket().handlers.closed(1006, "");
      page.scheduler.advance(5_000);
      page.welcome(FINGERPRINT, "Grace");
      expect(page.heard()[0]).toMatchObject({ type: "hello", name: "Grace" });
      expect(page.heard()).toContainEqual(play);
    });
  });

  it("says what is wrong with a code instead of sending it", () => {
    const app = page.start();
    page.welcome();
    const before = page.heard().length;
    app.joinRoom("much too long for any code");
    expect(page.heard()).toHaveLength(before);
    expect(page.shown.error).not.toBe("");
  });
});

describe("an address", () => {
  it.each([
    ["?room=qwr-tyx-bcd", { type: "join_room", code: "QWR-TYX-BCD" }],
    ["?room=qwr%20tyxbcd", { type: "join_room", code: "QWR TYXBCD" }],
    ["?watch=m1", { type: "watch_match", match: "m1" }],
    [`?room=${"B".repeat(25)}`, null],
    ["?watch=", null],
    [`?watch=${"m".repeat(25)}`, null],
    ["", null],
  ])("%s asks for what it says", (search, wish) => {
    expect(wishOfAddress(search)).toEqual(wish);
  });

  it("joins its room as soon as the lobby is there", () => {
    page.start(wishOfAddress("?room=QWR-TYX-BCD"));
    page.welcome();
    expect(page.heard().at(-1)).toEqual({ type: "join_room", code: "QWR-TYX-BCD" });
    page.say("room", ROOM);
    expect(page.shown.activity).toMatchObject({
      kind: "room",
      code: "QWR-TYX-BCD",
      owner: true,
      members: ["Ada"],
    });
  });
});

describe("a match", () => {
  it("is reached over the queue and a seat", async () => {
    const app = page.start();
    page.welcome();
    app.play("duel");
    page.say("queued", QUEUED);
    expect(page.shown.activity).toEqual({ kind: "queued", ...QUEUED });
    const joining = page.seated();
    expect(page.shown.activity.kind).toBe("seating");
    await joining;
    expect(page.shown.activity).toEqual({ kind: "playing", watching: false });
    app.frame(page.scheduler.nowMs());
    expect(testHook(app).state()).toMatchObject({
      screen: "match",
      slot: 0,
      x: 3_000,
      connection: "online",
      alive: true,
    });
  });

  it("that came from the queue ends on the start page: players with a seat do not queue", async () => {
    const app = page.start();
    page.welcome();
    app.play("duel");
    page.say("queued", QUEUED);
    await page.seated();
    app.leaveMatch();
    expect(page.shown.activity).toEqual({ kind: "idle" });
  });

  it("ends where it began: in the room, or on the start page", async () => {
    const app = page.start();
    page.welcome();
    page.say("room", ROOM);
    const socket = await page.seated();
    page.say("idle");
    page.say("room", ROOM);
    expect(page.shown.activity.kind).toBe("playing");
    app.leaveMatch();
    expect(page.shown.activity.kind).toBe("room");
    expect(page.shown.error).toBe("");
    expect(socket.isClosedHere).toBe(true);
  });

  it("says why it ended when that was not the person's wish", async () => {
    page.start();
    page.welcome();
    const socket = await page.seated();
    socket.handlers.closed(4010, "");
    expect(page.shown.activity.kind).toBe("idle");
    expect(page.shown.error).toContain("our fault");
  });

  it("is gone back into after a reload of the page", async () => {
    page.start();
    page.welcome();
    await page.seated();
    page.network = new FakeNetwork();
    page.start();
    expect(page.network.sockets.map((socket) => socket.path)).toEqual(["match/m1", "lobby"]);
    page.network.sockets[0]?.handlers.closed(4002, ""); // the seat was given away in the meantime
    expect(page.shown).toMatchObject({ activity: { kind: "idle" }, error: "" });
    expect(page.storage.getItem("skirmish.seat")).toBe("");
  });

  it("comes back after its connection was dropped on purpose", async () => {
    const app = page.start();
    page.welcome();
    await page.seated();
    testHook(app).dropConnection();
    expect(testHook(app).state().connection).toBe("retrying");
    page.scheduler.advance(200);
    expect(page.network.last.path).toBe("match/m1");
  });

  it("is not left for the same seat told twice", async () => {
    page.start();
    page.welcome();
    const socket = await page.seated();
    page.say("seat", { ...SEAT, ticket: Uint8Array.of(7) });
    expect(page.network.last).toBe(socket);
    expect(socket.isClosedHere).toBe(false);
    expect(page.shown.activity.kind).toBe("playing");
  });

  it("is entered with the newer ticket while it has not taken the older one", () => {
    page.start();
    page.welcome();
    page.say("seat", SEAT);
    page.say("seat", { ...SEAT, ticket: Uint8Array.of(7) });
    page.network.last.handlers.opened();
    const join = decodeMessage(MATCH_CLIENT, page.network.last.sent[0] ?? new Uint8Array());
    expect(join["ticket"]).toEqual(Uint8Array.of(7));
    expect(page.network.sockets.filter((socket) => !socket.isClosedHere)).toHaveLength(2);
  });

  it("gives way to the next one, and there is never a second", async () => {
    page.start();
    page.welcome();
    const old = await page.seated();
    page.say("seat", { ...SEAT, match: "m2", path: "/match/m2" });
    expect(old.isClosedHere).toBe(true);
    expect(page.network.last.path).toBe("match/m2");
    expect(page.shown.activity.kind).toBe("seating");
  });
});
