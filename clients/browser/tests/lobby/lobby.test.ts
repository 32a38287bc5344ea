/** From the start page to a match and back, as the screens see it. */
import { beforeEach, describe, expect, it } from "vitest";

import { App } from "../../src/app";
import { wishOfAddress } from "../../src/deepLink";
import { defaultBindings } from "../../src/input/controls";
import { Hands } from "../../src/input/hands";
import type { LobbyState } from "../../src/model";
import { bytesOfHex } from "../../src/net/hex";
import { Settings } from "../../src/settings";
import { testHook } from "../../src/testHook";
import { decodeMessage, encodeMessage } from "../../src/wire/codec";
import {
  FINGERPRINT,
  LOBBY_CLIENT,
  LOBBY_SERVER,
  MATCH_SERVER,
  Refusal,
  type LobbyClientMessage,
} from "../../src/wire/generated";
import { FakeNetwork, FakeScheduler, FakeStorage, type FakeSocket } from "../fakes";
import { HALL } from "../sim/grounds";

let scheduler: FakeScheduler;
let network: FakeNetwork;
let storage: FakeStorage;
let shown: LobbyState;
let menuOpen: boolean;

beforeEach(() => {
  scheduler = new FakeScheduler();
  network = new FakeNetwork();
  storage = new FakeStorage();
  menuOpen = false;
});

function start(wish: LobbyClientMessage | null = null, settings = new Settings(null)): App {
  const app = new App(
    {
      ...{ settings, hands: new Hands(defaultBindings), openSocket: network.open, scheduler },
      ...{ tabStorage: storage, loadArena: () => Promise.resolve(HALL) },
      ...{ isHidden: () => false, mouse: () => null },
    },
    wish,
  );
  const nothing = (): void => undefined;
  app.start({
    scene: { draw: nothing, worldAt: () => ({ x: 0, y: 0 }) },
    hud: { draw: nothing, hide: nothing },
    sound: { draw: nothing },
    screens: {
      show: (lobby) => {
        shown = lobby;
      },
      toggleMenu: () => {
        menuOpen = !menuOpen;
      },
      get isMenuOpen() {
        return menuOpen;
      },
    },
  });
  return app;
}

function lobbySocket(): FakeSocket {
  const socket = network.sockets.findLast((one) => one.path === "/lobby");
  if (socket === undefined) throw new Error("no lobby socket");
  return socket;
}

function say(type: string, fields: Record<string, unknown> = {}): void {
  lobbySocket().handlers.message(encodeMessage(LOBBY_SERVER, { type, ...fields }));
}

function heard(): Record<string, unknown>[] {
  return lobbySocket().sent.map((bytes) => decodeMessage(LOBBY_CLIENT, bytes));
}

function welcome(fingerprint = FINGERPRINT): void {
  lobbySocket().handlers.opened();
  const modes = [{ name: "duel", title: "Duel", playersMin: 2, playersMax: 2 }];
  const session = Uint8Array.of(9, 9);
  say("welcome", {
    fingerprint: bytesOfHex(fingerprint),
    name: "Ada",
    session,
    online: 3,
    modes,
    maps: [],
  });
}

const ROOM = {
  code: "QWERT",
  mode: "duel",
  map: "hall",
  owner: 1,
  playersMax: 2,
  members: [{ name: "Ada" }],
};
const SEAT = { match: "m1", path: "/match/m1", ticket: Uint8Array.of(5), watch: 0 };

/** Into a match, up to its first snapshot. */
async function seated(): Promise<FakeSocket> {
  say("seat", SEAT);
  const socket = network.last;
  socket.handlers.opened();
  const message = {
    ...{ type: "welcome", slot: 0, tick: 1, match: "m1", mode: "duel", map: "hall", mapDigest: "" },
    ...{ resume: Uint8Array.of(6), scoreLimit: 10, playersMax: 2, voteMaps: [], round: 1 },
  };
  socket.handlers.message(encodeMessage(MATCH_SERVER, message));
  await Promise.resolve();
  const full = {
    type: "full",
    tick: 9,
    margin: 0,
    own: [],
    state: [[0, 0b100011, 3_000, 3_000, 131]],
  };
  socket.handlers.message(encodeMessage(MATCH_SERVER, full));
  return socket;
}

describe("the start page", () => {
  it("connects by itself, says who it is, and asks for the running matches", () => {
    start();
    expect(shown.link.kind).toBe("connecting");
    welcome();
    expect(shown).toMatchObject({ name: "Ada", online: 3, activity: { kind: "idle" } });
    expect(shown.link.kind).toBe("online");
    expect(heard().map((message) => message["type"])).toEqual(["hello", "list_matches"]);
  });

  it("tells a page of another version to reload, and does not try again", () => {
    start();
    welcome("00".repeat(8));
    expect(shown.link).toMatchObject({ kind: "ended" });
    expect(shown.error).toContain("reload");
    scheduler.advance(60_000);
    expect(network.sockets).toHaveLength(1);
  });

  it("shows a refusal in words, until the next wish", () => {
    const app = start();
    welcome();
    say("refused", { about: 5, code: Refusal.ROOM, text: "No room has this code." });
    expect(shown.error).toBe("No room has this code.");
    app.play("duel");
    expect(shown.error).toBe("");
  });

  it("carries out a wish that came before the server did, once", () => {
    const app = start();
    app.play("duel");
    welcome();
    lobbySocket().handlers.closed(1006, "");
    scheduler.advance(1_000);
    welcome();
    expect(heard().filter((message) => message["type"] === "play")).toHaveLength(0);
    const first = network.sockets[0]?.sent.map((bytes) => decodeMessage(LOBBY_CLIENT, bytes).type);
    expect(first).toContain("play");
  });

  it("comes back with the session it had", () => {
    start();
    welcome();
    lobbySocket().handlers.closed(1006, "");
    expect(shown.link.kind).toBe("retrying");
    scheduler.advance(5_000);
    lobbySocket().handlers.opened();
    expect(heard()[0]).toMatchObject({ type: "hello", session: Uint8Array.of(9, 9) });
  });

  it("keeps a new name, and tells the server", () => {
    const settings = new Settings(null);
    const app = start(null, settings);
    welcome();
    app.rename("  Grace  ");
    expect(settings.values.name).toBe("Grace");
    expect(heard().at(-1)).toEqual({ type: "rename", name: "Grace" });
  });

  it("says what is wrong with a code instead of sending it", () => {
    const app = start();
    welcome();
    const before = heard().length;
    app.joinRoom("much too long");
    expect(heard()).toHaveLength(before);
    expect(shown.error).not.toBe("");
  });
});

describe("an address", () => {
  it.each([
    ["?room=qwert", { type: "join_room", code: "QWERT" }],
    ["?watch=m1", { type: "watch_match", match: "m1" }],
    ["?room=toolong", null],
    ["?watch=", null],
    [`?watch=${"m".repeat(25)}`, null],
    ["", null],
  ])("%s asks for what it says", (search, wish) => {
    expect(wishOfAddress(search)).toEqual(wish);
  });

  it("joins its room as soon as the lobby is there", () => {
    start(wishOfAddress("?room=QWERT"));
    welcome();
    expect(heard().at(-1)).toEqual({ type: "join_room", code: "QWERT" });
    say("room", ROOM);
    expect(shown.activity).toMatchObject({
      kind: "room",
      code: "QWERT",
      owner: true,
      members: ["Ada"],
    });
  });
});

describe("a match", () => {
  it("is reached over the queue and a seat", async () => {
    const app = start();
    welcome();
    app.play("duel");
    say("queued", { mode: "duel", waiting: 1, botsInS: 3 });
    expect(shown.activity).toEqual({ kind: "queued", mode: "duel", waiting: 1, botsInS: 3 });
    const joining = seated();
    expect(shown.activity.kind).toBe("seating");
    await joining;
    expect(shown.activity).toEqual({ kind: "playing", watching: false });
    app.frame(scheduler.nowMs());
    expect(testHook(app).state()).toMatchObject({
      screen: "match",
      slot: 0,
      x: 3_000,
      link: "online",
      alive: true,
    });
  });

  it("that came from the queue ends on the start page: nobody queues who has a seat", async () => {
    const app = start();
    welcome();
    app.play("duel");
    say("queued", { mode: "duel", waiting: 1, botsInS: 3 });
    await seated();
    app.leaveMatch();
    expect(shown.activity).toEqual({ kind: "idle" });
  });

  it("ends where it began: in the room, or on the start page", async () => {
    const app = start();
    welcome();
    say("room", ROOM);
    const socket = await seated();
    say("idle");
    say("room", ROOM);
    expect(shown.activity.kind).toBe("playing");
    app.leaveMatch();
    expect(shown.activity.kind).toBe("room");
    expect(shown.error).toBe("");
    expect(socket.isClosedHere).toBe(true);
  });

  it("says why it ended when that was not the person's wish", async () => {
    start();
    welcome();
    const socket = await seated();
    socket.handlers.closed(4010, "");
    expect(shown.activity.kind).toBe("idle");
    expect(shown.error).toContain("our fault");
  });

  it("is gone back into after a reload of the page", async () => {
    start();
    welcome();
    await seated();
    network = new FakeNetwork();
    start();
    expect(network.sockets.map((socket) => socket.path)).toEqual(["/match/m1", "/lobby"]);
    network.sockets[0]?.handlers.closed(4002, ""); // the seat was given away in the meantime
    expect(shown).toMatchObject({ activity: { kind: "idle" }, error: "" });
    expect(storage.getItem("skirmish.seat")).toBe("");
  });

  it("comes back after its connection was dropped on purpose", async () => {
    const app = start();
    welcome();
    await seated();
    testHook(app).dropConnection();
    expect(testHook(app).state().link).toBe("retrying");
    scheduler.advance(200);
    expect(network.last.path).toBe("/match/m1");
  });

  it("gives way to the next one, and there is never a second", async () => {
    start();
    welcome();
    const old = await seated();
    say("seat", { ...SEAT, match: "m2", path: "/match/m2" });
    expect(old.isClosedHere).toBe(true);
    expect(network.last.path).toBe("/match/m2");
    expect(shown.activity.kind).toBe("seating");
  });
});
