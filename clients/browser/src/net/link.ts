/**
 * A conversation that comes back by itself: one socket at a time, backoff between them, deadlines
 * on both.
 *
 * Owns: when to connect, when to give up on a silent socket, when to try again. Must not know: what
 * is said; the conversation itself says when it is `online` and which closes are final. Invariant:
 * there is at most one socket and one timer per purpose, and none of either after `end`.
 */
import type { LinkState } from "../model";
import { backoffMs } from "./backoff";
import type { Scheduler } from "./scheduler";
import type { OpenSocket, Socket } from "./socket";

/** What a kind of link adds to a socket that comes back. */
export interface Conversation {
  path(): string;
  /** The socket is open: say who we are. */
  begin(): void;
  receive(bytes: Uint8Array): void;
  /** The words for a close that no retry can help; null: try again. */
  finalReason(code: number, reason: string): string | null;
  /** Why it is being tried again, as the tail of a sentence. */
  passingReason(code: number, reason: string): string;
  changed(): void;
}

export interface LinkLimits {
  connectTimeoutMs: number; // from the call to being online
  silenceTimeoutMs: number; // from one message to the next
}

const DROPPED_HERE = 0; // no code came: this side gave up on the socket

export class Link {
  private socket: Socket | null = null;
  private attempt = 0;
  private retryAtMs = 0;
  private retryReason = "";
  private phase: "offline" | "connecting" | "online" | "retrying" | "ended" = "offline";
  private final = { code: 0, reason: "" };
  private cancelRetry: (() => void) | null = null;
  private cancelDeadline: (() => void) | null = null;
  private heardAtMs = 0;

  constructor(
    private readonly conversation: Conversation,
    private readonly openSocket: OpenSocket,
    private readonly scheduler: Scheduler,
    private readonly limits: LinkLimits,
  ) {}

  /** How it stands now; `inMs` counts down between two calls. */
  get state(): LinkState {
    switch (this.phase) {
      case "retrying": {
        const inMs = Math.max(0, Math.ceil(this.retryAtMs - this.scheduler.nowMs()));
        return { kind: "retrying", attempt: this.attempt, inMs, reason: this.retryReason };
      }
      case "ended":
        return { kind: "ended", ...this.final };
      default:
        return { kind: this.phase };
    }
  }

  connect(): void {
    if (this.phase !== "offline" && this.phase !== "retrying") return;
    this.cancelRetry?.();
    this.cancelRetry = null;
    this.phase = "connecting";
    this.socket = this.openSocket(this.conversation.path(), {
      opened: () => {
        this.conversation.begin();
      },
      message: (bytes) => {
        this.heardAtMs = this.scheduler.nowMs();
        this.conversation.receive(bytes);
      },
      closed: (code, reason) => {
        this.lose(code, reason);
      },
    });
    this.cancelDeadline = this.scheduler.after(this.limits.connectTimeoutMs, () => {
      this.drop("the server did not answer");
    });
    this.conversation.changed();
  }

  /** The other side accepted us. */
  becomeOnline(): void {
    if (this.phase !== "connecting") return;
    this.phase = "online";
    this.attempt = 0;
    this.cancelDeadline?.();
    this.heardAtMs = this.scheduler.nowMs();
    this.watchSilence();
    this.conversation.changed();
  }

  send(bytes: Uint8Array): void {
    this.socket?.send(bytes);
  }

  get bufferedBytes(): number {
    return this.socket?.bufferedBytes ?? 0;
  }

  /** Close this socket and try again, as if the network had done it. */
  drop(reason: string): void {
    if (this.phase !== "connecting" && this.phase !== "online") return;
    this.socket?.close();
    this.lose(DROPPED_HERE, reason);
  }

  /** Do not wait for the countdown: the network came back, or the person asked. */
  retryNow(): void {
    if (this.phase === "retrying") this.connect();
  }

  /** Over for good. */
  end(code: number, reason: string): void {
    if (this.phase === "ended") return;
    this.release();
    this.phase = "ended";
    this.final = { code, reason };
    this.conversation.changed();
  }

  private lose(code: number, reason: string): void {
    const final = this.conversation.finalReason(code, reason);
    if (final !== null) {
      this.end(code, final);
      return;
    }
    this.release();
    this.phase = "retrying";
    this.attempt += 1;
    this.retryReason = this.conversation.passingReason(code, reason);
    const waitMs = backoffMs(this.attempt, () => this.scheduler.random());
    this.retryAtMs = this.scheduler.nowMs() + waitMs;
    this.cancelRetry = this.scheduler.after(waitMs, () => {
      this.connect();
    });
    this.conversation.changed();
  }

  private watchSilence(): void {
    const silentMs = this.scheduler.nowMs() - this.heardAtMs;
    const leftMs = this.limits.silenceTimeoutMs - silentMs;
    if (leftMs <= 0) {
      this.drop("the server went silent");
      return;
    }
    this.cancelDeadline = this.scheduler.after(leftMs, () => {
      this.watchSilence();
    });
  }

  private release(): void {
    this.cancelRetry?.();
    this.cancelDeadline?.();
    this.cancelRetry = null;
    this.cancelDeadline = null;
    this.socket?.close();
    this.socket = null;
  }
}
