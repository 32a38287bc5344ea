/**
 * The player's state in the lobby, and their requests while it cannot be reached.
 *
 * Owns: the lobby's connection and what the screens show of it. Must not know: the match of a seat.
 * Invariant: a request made while the lobby cannot be reached is carried out once when it
 * is back, or is replaced by the next one; a queue or a room lost with the connection is asked for
 * once more. A name other than the typed one is shown to the player before anything happens under
 * it.
 */
import type { Seat } from "../match/resumeStore";
import type { LobbyState } from "../model";
import { LobbyConnection } from "../net/lobbyConnection";
import { routeOf } from "../net/url";
import type { Scheduler } from "../net/scheduler";
import type { OpenSocket } from "../net/socket";
import { NAME_CHARACTERS_MAX, type Settings, type TextStorage } from "../settings";
import { DecodeError } from "../wire/codec";
import {
  FINGERPRINT,
  Refusal,
  type LobbyClientMessage,
  type LobbyServerMessage,
} from "../wire/generated";
import { Diagnosis } from "../net/diagnosis";
import type { Probe } from "../net/probe";
import { staleTrouble } from "../net/trouble";
import { afterFarewell, afterConnection, afterMessage, emptyLobby } from "./lobbyState";

export interface LobbyControllerEvents {
  seat(seat: Seat): void;
  changed(): void;
  isInMatch(): boolean;
}

export interface LobbyContext {
  settings: Settings;
  openSocket: OpenSocket;
  scheduler: Scheduler;
  tabStorage: TextStorage | null;
  probe: Probe;
  page(): URL; // where the page is
  reload(): void;
  isHidden(): boolean;
}

const MATCHES_EVERY_MS = 4_000;
const LOBBY_PATH = "lobby";
const RELOADED_KEY = "skirmish.reloaded"; // the version of the page that a reload did not help

export class LobbyController {
  private readonly connection: LobbyConnection;
  private readonly inquiry: Diagnosis;
  private lobby: LobbyState;
  private interrupted: LobbyClientMessage | null = null; // what leads back to the lost place
  private given = ""; // the last name that the server confirmed
  private isRenaming = false; // the server has not confirmed the name yet

  constructor(
    private readonly context: LobbyContext,
    private readonly events: LobbyControllerEvents,
    private wish: LobbyClientMessage | null,
  ) {
    const { settings, openSocket, scheduler, tabStorage, probe } = context;
    this.inquiry = new Diagnosis(probe, scheduler, context.page, events.changed);
    this.lobby = emptyLobby(settings.values.name);
    const name = (): string => settings.values.name;
    const heard = {
      message: (message: LobbyServerMessage) => {
        this.hear(message);
      },
      changed: () => {
        const { state } = this.connection;
        if (state.kind !== "online") this.isRenaming = false; // the next hello says it
        if (state.kind === "retrying") this.interrupted = wayBack(this.lobby.activity);
        this.lobby = afterConnection(this.lobby, state);
        this.inquiry.observe(LOBBY_PATH, state);
        events.changed();
      },
    };
    this.connection = new LobbyConnection(name, heard, openSocket, scheduler, tabStorage);
  }

  /** The state now; a countdown in it has moved on since the last call. */
  get state(): LobbyState {
    const connection = this.connection.state;
    const isOutdated = connection.kind === "ended" && connection.way === "reload";
    const isStale = isOutdated && this.wasReloaded();
    const trouble = isStale ? staleTrouble() : this.inquiry.trouble;
    return { ...this.lobby, connection, trouble };
  }

  start(): void {
    this.connection.connect();
    this.refreshLater();
  }

  retryNow(): void {
    this.connection.retryNow();
  }

  /** Take the lobby back from the tab that has it now. */
  reconnect(): void {
    this.say("");
    this.connection.reconnect();
  }

  /** Fetch the page anew; the next one knows that this was tried. */
  reload(): void {
    try {
      this.context.tabStorage?.setItem(RELOADED_KEY, FINGERPRINT);
    } catch {
      // Without storage it is offered again.
    }
    this.context.reload();
  }

  /** Send a request, or keep it until it can be sent. */
  ask(message: LobbyClientMessage): void {
    this.wish = this.interrupted = null;
    this.lobby = { ...this.lobby, error: "" };
    if (this.isRenaming && !isFarewell(message)) {
      this.wish = message;
      return;
    }
    try {
      if (!this.connection.send(message)) this.putOff(message);
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      this.say(error.message); // not encodable: a code that is too long, for example
    }
    this.events.changed();
  }

  refreshMatches(): void {
    this.connection.send({ type: "list_matches" });
  }

  rename(name: string): void {
    const short = [...name.trim()].slice(0, NAME_CHARACTERS_MAX).join("");
    this.context.settings.update({ name: short });
    if (short !== "") {
      this.isRenaming = this.connection.send({ type: "rename", name: short });
      this.lobby = { ...this.lobby, name: short, nameNote: "" };
    }
    this.events.changed();
  }

  /** Accept the name that the server gave, and carry out what waits for it. */
  acceptName(): void {
    this.lobby = { ...this.lobby, nameNote: "" };
    this.carryOutWish();
    this.events.changed();
  }

  /** Show words to the player; "" removes the last ones. */
  say(error: string): void {
    this.lobby = { ...this.lobby, error };
  }

  private wasReloaded(): boolean {
    try {
      return this.context.tabStorage?.getItem(RELOADED_KEY) === FINGERPRINT;
    } catch {
      return false;
    }
  }

  private putOff(message: LobbyClientMessage): void {
    this.wish = message;
    const { state } = this.connection;
    if (state.kind === "ended" && state.way === "reconnect") this.connection.reconnect();
    if (isFarewell(message)) this.lobby = afterFarewell(this.lobby);
    else this.say("The server cannot be reached yet; this happens when it can.");
  }

  private hear(message: LobbyServerMessage): void {
    this.lobby = afterMessage(this.lobby, message);
    if (message.type === "welcome") this.welcomed();
    if (message.type === "refused" && message.code === Refusal.NAME) this.keepOldName();
    if (message.type === "seat") {
      const { match, path, ticket, watch } = message;
      this.events.seat({ match, path: routeOf(path), ticket, watching: watch === 1 });
    }
    if (saysWhereOneStands(message)) this.goBack(message.type === "idle");
    this.events.changed();
  }

  /** Ask for the lost place again, once the server has said that it is lost. */
  private goBack(isLost: boolean): void {
    const { interrupted } = this;
    this.interrupted = null;
    if (!isLost || interrupted === null || this.events.isInMatch()) return;
    if (this.lobby.nameNote === "") this.ask(interrupted);
    else this.wish = interrupted;
  }

  private welcomed(): void {
    this.isRenaming = false;
    this.given = this.lobby.name;
    if (this.lobby.nameNote === "") this.carryOutWish();
    else this.refreshMatches();
  }

  /** The name was refused: the request that was to happen under it is dropped. */
  private keepOldName(): void {
    this.isRenaming = false;
    this.wish = null;
    this.lobby = { ...this.lobby, name: this.given };
  }

  private carryOutWish(): void {
    const { wish } = this;
    this.wish = null;
    this.refreshMatches();
    if (wish !== null && !this.events.isInMatch()) this.ask(wish);
  }

  private refreshLater(): void {
    this.context.scheduler.after(MATCHES_EVERY_MS, () => {
      const isAway = this.events.isInMatch() || this.context.isHidden();
      if (this.lobby.activity.kind === "idle" && !isAway) this.refreshMatches();
      this.refreshLater();
    });
  }
}

function wayBack(activity: LobbyState["activity"]): LobbyClientMessage | null {
  if (activity.kind === "queued") return { type: "play", mode: activity.mode };
  return activity.kind === "room" ? { type: "join_room", code: activity.code } : null;
}

function isFarewell({ type }: LobbyClientMessage): boolean {
  return type === "cancel" || type === "leave_room";
}

function saysWhereOneStands({ type }: LobbyServerMessage): boolean {
  return type === "idle" || type === "queued" || type === "room" || type === "seat";
}
