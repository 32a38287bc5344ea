/**
 * The connection that one replay is read from.
 *
 * Owns: the socket of a viewer. Must not know: what is drawn. Invariant: every socket begins with a
 * view, and nothing else is said before the server has answered.
 */
import { asSentence, closeOf, REPLAY_CLOSES, type Close } from "../net/closeWords";
import { bytesOfHex } from "../net/hex";
import { Connection } from "../net/connection";
import type { Scheduler } from "../net/scheduler";
import type { OpenSocket } from "../net/socket";
import { DecodeError, decodeFromMatch, encodeToMatch } from "../wire/codec";
import {
  CloseCode,
  FINGERPRINT,
  type MatchClientMessage,
  type MatchServerMessage,
} from "../wire/generated";

export interface ReplayEvents {
  /** Raises `DecodeError` for a snapshot that cannot be right. */
  message(message: MatchServerMessage): void;
  changed(): void;
}

// A long journal has to be scanned before it can be shown.
const LIMITS = { connectTimeoutMs: 20_000, silenceTimeoutMs: 6_000 };

export class ReplayConnection extends Connection {
  private refusal = "";

  constructor(
    protected readonly path: string,
    private readonly events: ReplayEvents,
    openSocket: OpenSocket,
    scheduler: Scheduler,
  ) {
    super(openSocket, scheduler, LIMITS);
  }

  /** Policy without a connection: drop; the request is sent again on the next one. */
  send(message: MatchClientMessage): void {
    if (this.state.kind === "online") this.write(encodeToMatch(message));
  }

  leave(): void {
    this.end(CloseCode.LEFT, "", "play");
  }

  protected override greeting(): Uint8Array {
    this.refusal = "";
    return encodeToMatch({ type: "open_replay", fingerprint: bytesOfHex(FINGERPRINT) });
  }

  protected override receive(bytes: Uint8Array): void {
    try {
      const message = decodeFromMatch(bytes);
      if (message.type === "welcome") this.becomeOnline();
      if (message.type === "refused") this.refusal = message.text;
      this.events.message(message);
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      this.drop(`the server sent something unexpected (${error.message})`);
    }
  }

  /** The server's own words say more, where it had any. */
  protected override meaning(code: number, reason: string): Close {
    const close = closeOf(REPLAY_CLOSES, code, reason);
    const told = this.refusal === "" && code === CloseCode.IDLE ? reason : this.refusal;
    return close.way === null || told === "" ? close : { ...close, words: asSentence(told) };
  }

  protected override changed(): void {
    this.events.changed();
  }
}
