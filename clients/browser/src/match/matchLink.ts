/**
 * The conversation with a match: a ticket for a seat, and after a drop a token for the same seat.
 *
 * Owns: the match's socket and the token. Must not know: what snapshots mean. Invariant: after the
 * first welcome every join is made with the newest token, so that a drop never costs the seat while
 * the server keeps it.
 */
import { finalMatchClose, passingClose } from "../net/closeWords";
import { bytesOfHex } from "../net/hex";
import { Link } from "../net/link";
import type { Scheduler } from "../net/scheduler";
import type { OpenSocket } from "../net/socket";
import type { LinkState } from "../model";
import { DecodeError, decodeFromMatch, encodeToMatch } from "../wire/codec";
import {
  CloseCode,
  FINGERPRINT,
  type MatchClientMessage,
  type MatchServerMessage,
} from "../wire/generated";
import type { ResumeStore, Seat } from "./resumeStore";

export interface MatchEvents {
  /**
   * `bytes` is the size of the message. Raises `DecodeError` for a snapshot that cannot be right.
   */
  message(message: MatchServerMessage, bytes: number): void;
  changed(): void;
}

const LIMITS = { connectTimeoutMs: 10_000, silenceTimeoutMs: 4_000 };
// Over a second of inputs: what waits behind them would come too late.
const BUFFERED_BYTES_MAX = 4_096;

export class MatchLink {
  private readonly link: Link;

  constructor(
    private seat: Seat,
    private readonly events: MatchEvents,
    openSocket: OpenSocket,
    scheduler: Scheduler,
    private readonly resume: ResumeStore,
  ) {
    const conversation = {
      path: () => this.seat.path,
      begin: () => {
        const fingerprint = bytesOfHex(FINGERPRINT);
        this.link.send(encodeToMatch({ type: "join", fingerprint, ticket: this.seat.ticket }));
      },
      receive: (bytes: Uint8Array) => {
        this.receive(bytes);
      },
      finalReason: finalMatchClose,
      passingReason: passingClose,
      changed: () => {
        if (this.link.state.kind === "ended") resume.forget();
        events.changed();
      },
    };
    this.link = new Link(conversation, openSocket, scheduler, LIMITS);
  }

  get state(): LinkState {
    return this.link.state;
  }

  connect(): void {
    this.link.connect();
  }

  retryNow(): void {
    this.link.retryNow();
  }

  /** Break the connection as a bad network would. */
  drop(reason: string): void {
    this.link.drop(reason);
  }

  /** Policy when the road is blocked: drop what is sent. */
  send(message: MatchClientMessage): void {
    if (this.link.state.kind !== "online" || this.link.bufferedBytes > BUFFERED_BYTES_MAX) return;
    this.link.send(encodeToMatch(message));
  }

  /** Give up the seat. */
  leave(): void {
    this.send({ type: "leave" });
    this.link.end(CloseCode.LEFT, finalMatchClose(CloseCode.LEFT) ?? "");
  }

  private receive(bytes: Uint8Array): void {
    try {
      const message = decodeFromMatch(bytes);
      if (message.type === "welcome") this.welcome(message);
      this.events.message(message, bytes.length);
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      // A damaged base cannot be mended by the next delta; a new connection begins with a full
      // snapshot.
      this.link.drop(`the server said something strange (${error.message})`);
    }
  }

  private welcome(message: Extract<MatchServerMessage, { type: "welcome" }>): void {
    if (message.resume.length > 0) {
      this.seat = { ...this.seat, match: message.match, ticket: message.resume };
      this.resume.save(this.seat);
    }
    this.link.becomeOnline();
  }
}
