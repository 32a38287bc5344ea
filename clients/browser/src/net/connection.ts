/**
 * A connection that reconnects by itself: one socket at a time, backoff between them, deadlines on
 * both.
 *
 * Owns: when to connect, when to give up on a silent socket, when to try again. Must not know: what
 * is said; a subclass knows that, and says when it is `online` and which closes are final.
 * Invariant: there is at most one socket and one timer per purpose, and neither after `end`.
 */
import type { ConnectionState, NextStep } from "../model";
import { backoffMs } from "./backoff";
import type { Close } from "./closeWords";
import type { Scheduler } from "./scheduler";
import type { OpenSocket, Socket } from "./socket";

export interface ConnectionLimits {
  connectTimeoutMs: number; // from the call to being online
  silenceTimeoutMs: number; // from one message to the next
}

const DROPPED_HERE = 0; // no code came: this side gave up on the socket
// A server that accepts and then hangs up is not retried at full speed for ever.
const STEADY_MS = 3_000;
// A timer that fires this late was delayed by a page that slept: a closed lid, a frozen tab. What
// the server said meanwhile is still to be read.
const ASLEEP_MS = 1_000;

export abstract class Connection {
  private socket: Socket | null = null;
  private attempt = 0;
  private retryAtMs = 0;
  private retryReason = "";
  private phase: "offline" | "connecting" | "online" | "retrying" | "ended" = "offline";
  private final: { code: number; reason: string; way: NextStep } = { code: 0, reason: "", way: "play" };
  private cancelRetry: (() => void) | null = null;
  private cancelDeadline: (() => void) | null = null;
  private heardAtMs = 0;
  private onlineAtMs = 0;

  constructor(
    private readonly openSocket: OpenSocket,
    protected readonly scheduler: Scheduler,
    private readonly limits: ConnectionLimits,
  ) {}

  protected abstract get path(): string;

  /** The first message on every socket: who we are. */
  protected abstract greeting(): Uint8Array;

  protected abstract receive(bytes: Uint8Array): void;

  /** The meaning of a close for this connection. */
  protected abstract meaning(code: number, reason: string): Close;

  /** `state` has changed. */
  protected abstract changed(): void;

  /** The state now; `inMs` counts down between two calls. */
  get state(): ConnectionState {
    switch (this.phase) {
      case "retrying": {
        const inMs = Math.max(0, Math.ceil(this.retryAtMs - this.scheduler.nowMs()));
        return { kind: "retrying", attempt: this.attempt, inMs, reason: this.retryReason };
      }
      case "ended":
        return { kind: "ended", ...this.final };
      case "connecting":
        return { kind: "connecting", attempt: this.attempt };
      default:
        return { kind: this.phase };
    }
  }

  connect(): void {
    if (this.phase !== "offline" && this.phase !== "retrying") return;
    this.cancelRetry?.();
    this.cancelRetry = null;
    this.phase = "connecting";
    this.socket = this.openSocket(this.path, {
      opened: () => {
        this.write(this.greeting());
      },
      message: (bytes) => {
        this.heardAtMs = this.scheduler.nowMs();
        this.receive(bytes);
      },
      closed: (code, reason) => {
        this.lose(code, reason);
      },
    });
    this.setDeadline(this.limits.connectTimeoutMs, () => {
      this.drop("the server did not answer");
    });
    this.changed();
  }

  /** Skip the countdown: the network came back, or the player asked. */
  retryNow(): void {
    if (this.phase === "retrying") this.connect();
  }

  /** Start again after an end. */
  reconnect(): void {
    if (this.phase !== "ended") return;
    this.phase = "offline";
    this.attempt = 0;
    this.connect();
  }

  /** Close this socket and try again, as if the network had done it. */
  drop(reason: string): void {
    if (this.phase !== "connecting" && this.phase !== "online") return;
    this.socket?.close();
    this.lose(DROPPED_HERE, reason);
  }

  /** The other side accepted us. */
  protected becomeOnline(): void {
    if (this.phase !== "connecting") return;
    this.phase = "online";
    this.cancelDeadline?.();
    this.heardAtMs = this.onlineAtMs = this.scheduler.nowMs();
    this.watchSilence();
    this.changed();
  }

  protected write(bytes: Uint8Array): void {
    this.socket?.send(bytes);
  }

  protected get bufferedBytes(): number {
    return this.socket?.bufferedBytes ?? 0;
  }

  /** End for good. */
  protected end(code: number, reason: string, way: NextStep): void {
    if (this.phase === "ended") return;
    this.release();
    this.phase = "ended";
    this.final = { code, reason, way };
    this.changed();
  }

  private lose(code: number, reason: string): void {
    const { words, way } = this.meaning(code, reason);
    if (way !== null) {
      this.end(code, words, way);
      return;
    }
    const nowMs = this.scheduler.nowMs();
    const wasSteady = this.phase === "online" && nowMs - this.onlineAtMs >= STEADY_MS;
    this.release();
    this.phase = "retrying";
    this.attempt = wasSteady ? 1 : this.attempt + 1;
    this.retryReason = words;
    const waitMs = backoffMs(this.attempt, () => this.scheduler.random());
    this.retryAtMs = nowMs + waitMs;
    this.cancelRetry = this.scheduler.after(waitMs, () => {
      this.connect();
    });
    this.changed();
  }

  private watchSilence(): void {
    const silentMs = this.scheduler.nowMs() - this.heardAtMs;
    const leftMs = this.limits.silenceTimeoutMs - silentMs;
    if (leftMs <= 0) {
      this.drop("the server went silent");
      return;
    }
    this.setDeadline(leftMs, () => {
      this.watchSilence();
    });
  }

  /** Calls `act` after a delay, which starts again if the page slept meanwhile. */
  private setDeadline(afterMs: number, act: () => void): void {
    const dueMs = this.scheduler.nowMs() + afterMs;
    this.cancelDeadline = this.scheduler.after(afterMs, () => {
      if (this.scheduler.nowMs() - dueMs > ASLEEP_MS) this.setDeadline(afterMs, act);
      else act();
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
