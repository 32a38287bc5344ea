/**
 * The client with nothing of a browser round it: a network, a clock and a storage that do as they
 * are told, and the server's words put into its ears.
 */
import { App } from "../../src/app";
import { defaultBindings } from "../../src/input/controls";
import { InputMapper } from "../../src/input/inputMapper";
import type { LobbyState } from "../../src/model";
import { bytesOfHex } from "../../src/net/hex";
import type { Findings } from "../../src/net/trouble";
import { Settings } from "../../src/settings";
import { decodeMessage, encodeMessage } from "../../src/wire/codec";
import {
  FINGERPRINT,
  LOBBY_CLIENT,
  LOBBY_SERVER,
  MATCH_SERVER,
  type LobbyClientMessage,
} from "../../src/wire/generated";
import { FakeNetwork, FakeScheduler, FakeStorage, type FakeSocket } from "../fakes";
import { HALL } from "../rules/grounds";

export const ROOM = {
  code: "QWR-TYX-BCD",
  mode: "duel",
  map: "hall",
  owner: 1,
  playersMax: 2,
  members: [{ name: "Ada" }],
};
export const SEAT = { match: "m1", path: "/match/m1", ticket: Uint8Array.of(5), watch: 0 };
export const QUEUED = { mode: "duel", waiting: 1, botsInS: 3 };

export class Page {
  readonly scheduler = new FakeScheduler();
  readonly storage = new FakeStorage();
  network = new FakeNetwork();
  private latest: LobbyState | null = null;
  private menuOpen = false;
  isFollowingOffered = false;
  reloadCount = 0;
  readonly probed: string[] = []; // the paths that were looked into
  findings: Findings = { isOnline: true, health: null, door: null, canEcho: false };

  /** What the screens show. */
  get shown(): LobbyState {
    if (this.latest === null) throw new Error("nothing was shown yet");
    return this.latest;
  }

  /** Open the page; `wish` is what its address asks for. */
  start(wish: LobbyClientMessage | null = null, settings = new Settings(null)): App {
    const { network, scheduler, storage } = this;
    const app = new App(
      {
        ...{ settings, hands: new InputMapper(defaultBindings), openSocket: network.open, scheduler },
        ...{ tabStorage: storage, loadArena: () => Promise.resolve(HALL) },
        ...{ isHidden: () => false, mouse: () => null, page: () => new URL("http://a.test/") },
        probe: (path) => {
          this.probed.push(path);
          return Promise.resolve(this.findings);
        },
        reload: () => {
          this.reloadCount += 1;
        },
      },
      wish,
    );
    const nothing = (): void => undefined;
    const isMenuOpen = (): boolean => this.menuOpen;
    app.start({
      scene: { draw: nothing, worldAt: () => ({ x: 0, y: 0 }) },
      hud: { draw: nothing, hide: nothing },
      sound: { draw: nothing },
      replay: { draw: nothing },
      screens: {
        show: (lobby) => {
          this.latest = lobby;
        },
        offerFollowing: (isFollowing) => {
          this.isFollowingOffered = isFollowing;
        },
        toggleMenu: () => {
          this.menuOpen = !this.menuOpen;
        },
        get isMenuOpen() {
          return isMenuOpen();
        },
      },
    });
    return app;
  }

  lobbySocket(): FakeSocket {
    const socket = this.network.sockets.findLast((one) => one.path === "lobby");
    if (socket === undefined) throw new Error("no lobby socket");
    return socket;
  }

  /** The lobby says something. */
  say(type: string, fields: Record<string, unknown> = {}): void {
    this.lobbySocket().handlers.message(encodeMessage(LOBBY_SERVER, { type, ...fields }));
  }

  /** All that the lobby was told on its newest socket. */
  heard(): Record<string, unknown>[] {
    return this.lobbySocket().sent.map((bytes) => decodeMessage(LOBBY_CLIENT, bytes));
  }

  welcome(fingerprint = FINGERPRINT, name = "Ada", nameNote = ""): void {
    this.lobbySocket().handlers.opened();
    const modes = [{ name: "duel", title: "Duel", playersMin: 2, playersMax: 2 }];
    const session = Uint8Array.of(9, 9);
    this.say("welcome", {
      fingerprint: bytesOfHex(fingerprint),
      name,
      session,
      online: 3,
      modes,
      maps: [],
      nameNote,
    });
  }

  /** Into a match, up to its first snapshot. */
  async seated(): Promise<FakeSocket> {
    this.say("seat", SEAT);
    const socket = this.network.last;
    socket.handlers.opened();
    const message = {
      ...{ type: "welcome", slot: 0, tick: 1, match: "m1", mode: "duel", map: "hall" },
      ...{ mapDigest: "", resume: Uint8Array.of(6), scoreLimit: 10, playersMax: 2 },
      ...{ voteMaps: [], round: 1 },
    };
    socket.handlers.message(encodeMessage(MATCH_SERVER, message));
    await Promise.resolve();
    const own: number[] = [];
    const [state, sight] = [[[0, 1, 131]], [[0, 0b100011, 3_000, 3_000, 1]]];
    const full = { type: "full_snapshot", tick: 9, margin: 0, own, state, sight };
    socket.handlers.message(encodeMessage(MATCH_SERVER, full));
    return socket;
  }
}
