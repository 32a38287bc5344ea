/**
 * Round trips: a ping at intervals, and the smoothed result.
 *
 * Owns: the open ping and the running mean (RFC 6298's weights). Invariant: at most one ping is
 * open; an answer to another one is ignored, and so is one that arrived while the page slept.
 */

const LOST_AFTER_MS = 5_000;
const ASLEEP_MS = 1_000; // a page that asks in each frame, and did not for this long, slept

export class PingMeter {
  pingMs = 0;
  private nonce = 0;
  private askedAtMs: number | null = null;
  private lastAskedAtMs = Number.NEGATIVE_INFINITY;
  private lookedAtMs = Number.NEGATIVE_INFINITY;

  constructor(private readonly everyMs: number) {}

  /** The nonce to send now, or null when it is not time. Call it in each frame. */
  ask(nowMs: number): number | null {
    if (nowMs - this.lookedAtMs > ASLEEP_MS) this.askedAtMs = null;
    this.lookedAtMs = nowMs;
    const isLost = this.askedAtMs !== null && nowMs - this.askedAtMs > LOST_AFTER_MS;
    if ((this.askedAtMs !== null && !isLost) || nowMs - this.lastAskedAtMs < this.everyMs)
      return null;
    this.nonce = (this.nonce + 1) % 2 ** 32;
    this.askedAtMs = this.lastAskedAtMs = nowMs;
    return this.nonce;
  }

  answer(nonce: number, nowMs: number): void {
    if (this.askedAtMs === null || nonce !== this.nonce) return;
    const sample = Math.max(0, nowMs - this.askedAtMs);
    this.askedAtMs = null;
    if (nowMs - this.lookedAtMs > ASLEEP_MS) return;
    this.pingMs = this.pingMs === 0 ? sample : this.pingMs + (sample - this.pingMs) / 8;
  }

  /** Another connection: pings of the last one will not be answered. */
  reset(): void {
    this.askedAtMs = null;
    this.lastAskedAtMs = Number.NEGATIVE_INFINITY;
  }
}
