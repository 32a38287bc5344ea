/**
 * The connection to a match: a ticket for a seat, and after a drop a token for the same seat.
 *
 * Owns: the match's socket and the token. Must not know: what snapshots mean. Invariant: every join
 * is made with the newest token, and before the first welcome with the ticket, so that a drop never
 * costs the seat while the server keeps it.
 */
import { closeOf, MATCH_CLOSES, type Close } from "../net/closeWords";
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
import type { ResumeStore, Seat } from "./resumeStore";

export interface MatchEvents {
  /**
   * `bytes` is the size of the message. Raises `DecodeError` for a snapshot that cannot be right.
   */
  message(message: MatchServerMessage, bytes: number): void;
  changed(): void;
}

// A ticket is valid for ten seconds: after a dead connection, there is time to present it again.
const LIMITS = { connectTimeoutMs: 4_000, silenceTimeoutMs: 4_000 };
// Over a second of inputs: anything behind them would be too late.
const BUFFERED_BYTES_MAX = 4_096;

export class MatchConnection extends Connection {
  private joinedAtMs: number | null = null; // of a join that no welcome has answered

  constructor(
    private seat: Seat,
    private readonly events: MatchEvents,
    openSocket: OpenSocket,
    scheduler: Scheduler,
    private readonly resume: ResumeStore,
  ) {
    super(openSocket, scheduler, LIMITS);
  }

  /** Policy when the connection is blocked: drop what is sent. */
  send(message: MatchClientMessage): void {
    if (this.state.kind !== "online" || this.bufferedBytes > BUFFERED_BYTES_MAX) return;
    this.write(encodeToMatch(message));
  }

  /** Give up the seat. */
  leave(): void {
    this.send({ type: "leave" });
    this.end(CloseCode.LEFT, MATCH_CLOSES.LEFT.words, "play");
  }

  /** How long the server took to answer the join; null for a later welcome of this connection. */
  takeJoinMs(nowMs: number): number | null {
    const { joinedAtMs } = this;
    this.joinedAtMs = null;
    return joinedAtMs === null ? null : nowMs - joinedAtMs;
  }

  protected override get path(): string {
    return this.seat.path;
  }

  protected override greeting(): Uint8Array {
    const { ticket } = this.seat;
    this.joinedAtMs = this.scheduler.nowMs();
    return encodeToMatch({ type: "join", fingerprint: bytesOfHex(FINGERPRINT), ticket });
  }

  protected override receive(bytes: Uint8Array): void {
    try {
      const message = decodeFromMatch(bytes);
      if (message.type === "welcome") this.welcome(message);
      this.events.message(message, bytes.length);
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      // A damaged base cannot be mended by the next delta; a new connection begins with a full
      // snapshot.
      this.drop(`the server sent something unexpected (${error.message})`);
    }
  }

  protected override meaning(code: number, reason: string): Close {
    return closeOf(MATCH_CLOSES, code, reason);
  }

  protected override changed(): void {
    if (this.state.kind === "ended") this.resume.forget();
    this.events.changed();
  }

  private welcome(message: Extract<MatchServerMessage, { type: "welcome" }>): void {
    if (message.resume.length > 0) {
      this.seat = { ...this.seat, match: message.match, ticket: message.resume };
      this.resume.save(this.seat);
    }
    this.becomeOnline();
  }
}
