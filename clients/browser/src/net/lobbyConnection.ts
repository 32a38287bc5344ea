/**
 * The connection to the lobby: who we are, and then whatever the player asks for.
 *
 * Owns: the lobby's socket and the session that lets a dropped one resume its place. Must not know:
 * what the answers mean to the screens. Invariant: a message given while offline is not sent later,
 * when nobody wants it any more.
 */
import type { TextStorage } from "../settings";
import { DecodeError, decodeFromLobby, encodeToLobby } from "../wire/codec";
import {
  CloseCode,
  FINGERPRINT,
  type LobbyClientMessage,
  type LobbyServerMessage,
} from "../wire/generated";
import { closeOf, LOBBY_CLOSES, type Close } from "./closeWords";
import { bytesOfHex, hexOfBytes } from "./hex";
import { Connection } from "./connection";
import type { Scheduler } from "./scheduler";
import type { OpenSocket } from "./socket";

export interface LobbyEvents {
  message(message: LobbyServerMessage): void;
  changed(): void;
}

const SESSION_KEY = "skirmish.session";
const SESSION_BYTES_MAX = 64;
const PING_EVERY_MS = 15_000;
// More than a minute: a hidden tab's timers fire once a minute, which delays its pings.
const LIMITS = { connectTimeoutMs: 10_000, silenceTimeoutMs: 75_000 };

export class LobbyConnection extends Connection {
  private nonce = 0;
  private cancelPing: (() => void) | null = null;

  /** `name` is asked for at every connect; "" lets the server choose. */
  constructor(
    private readonly name: () => string,
    private readonly events: LobbyEvents,
    openSocket: OpenSocket,
    scheduler: Scheduler,
    private readonly storage: TextStorage | null,
  ) {
    super(openSocket, scheduler, LIMITS);
  }

  /** Returns false when there is no connection. */
  send(message: LobbyClientMessage): boolean {
    if (this.state.kind !== "online") return false;
    this.write(encodeToLobby(message));
    return true;
  }

  protected override get path(): string {
    return "lobby";
  }

  protected override greeting(): Uint8Array {
    const session = bytesOfHex(readItem(this.storage, SESSION_KEY));
    return encodeToLobby({
      type: "hello",
      fingerprint: bytesOfHex(FINGERPRINT),
      name: this.name(),
      session: session.length <= SESSION_BYTES_MAX ? session : new Uint8Array(),
    });
  }

  protected override receive(bytes: Uint8Array): void {
    let message: LobbyServerMessage;
    try {
      message = decodeFromLobby(bytes);
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      this.end(
        CloseCode.OUTDATED,
        "This page does not understand the server: please reload it.",
        "reload",
      );
      return;
    }
    if (message.type === "welcome") this.welcome(message);
    this.events.message(message);
  }

  protected override meaning(code: number, reason: string): Close {
    return closeOf(LOBBY_CLOSES, code, reason);
  }

  protected override changed(): void {
    this.events.changed();
  }

  private welcome(message: Extract<LobbyServerMessage, { type: "welcome" }>): void {
    if (hexOfBytes(message.fingerprint) !== FINGERPRINT) {
      this.end(CloseCode.OUTDATED, LOBBY_CLOSES.OUTDATED.words, "reload");
      return;
    }
    writeItem(this.storage, SESSION_KEY, hexOfBytes(message.session));
    this.becomeOnline();
    this.pingLater();
  }

  /** Keeps the connection open through proxies, and tells a dead one from a quiet one. */
  private pingLater(): void {
    this.cancelPing?.();
    this.cancelPing = this.scheduler.after(PING_EVERY_MS, () => {
      if (!this.send({ type: "ping", nonce: this.nonce })) return;
      this.nonce = (this.nonce + 1) % 2 ** 32;
      this.pingLater();
    });
  }
}

function readItem(storage: TextStorage | null, key: string): string {
  try {
    return storage?.getItem(key) ?? "";
  } catch {
    return "";
  }
}

function writeItem(storage: TextStorage | null, key: string, value: string): void {
  try {
    storage?.setItem(key, value);
  } catch {
    // Without storage a reload starts a new session.
  }
}
