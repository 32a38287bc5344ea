/**
 * The server's clock, estimated from snapshots, and the delay behind it that draws others smoothly.
 *
 * Owns: the estimate of which tick's snapshot arrives now, and the interpolation delay. Must not
 * know: inputs, the world. Invariants: displayed time never goes back, and is never off real speed
 * by more than `GLIDE`, except in a jump; after a stall of any length, time is where it would have
 * been without it.
 */
import { SNAPSHOT_EVERY_TICKS } from "../wire/generated";
import { Quantile } from "./quantile";
import {
  BURST_MS,
  DELAY_IN_TIME_SHARE,
  DELAY_TICKS_MAX,
  DELAY_TICKS_MIN,
  EARLIER_SHARE,
  FAR_FOR_MS,
  FAR_TICKS,
  GLIDE,
  JITTER_SHARE,
  JUMP_TICKS,
  LATER_SHARE,
  LATE_TICKS_MAX,
  SPACING_SHARE,
  SPACING_TICKS_MAX,
} from "./tuning";

export const TICK_MS = 1000 / 60;

export class Arrival {
  private offsetTicks = 0; // arrival tick - local time in ticks
  private synced = false;
  private heardAtMs = 0;
  private heardTick = 0;
  private farSinceMs: number | null = null;
  private jitter = 0;
  private spacingTicks: number = SNAPSHOT_EVERY_TICKS;
  private readonly lateness = new Quantile(DELAY_IN_TIME_SHARE, DELAY_TICKS_MAX);
  private shownTicks = 0; // the tick on the screen - local time in ticks

  /** Take in a snapshot's arrival. Returns whether time had to jump for it. */
  snapshot(tick: number, nowMs: number): boolean {
    const error = tick - nowMs / TICK_MS - this.offsetTicks;
    const isBurst = nowMs - this.heardAtMs < BURST_MS;
    const spacing = tick - this.heardTick;
    this.heardAtMs = nowMs;
    this.heardTick = tick;
    if (!this.synced || error > FAR_TICKS || this.isFarLate(error, nowMs)) {
      this.start(tick, nowMs);
      return true;
    }
    this.spacingTicks += (Math.min(SPACING_TICKS_MAX, Math.max(1, spacing)) - this.spacingTicks) * SPACING_SHARE;
    if (isBurst && error < 0) return false;
    const late = Math.max(error, -LATE_TICKS_MAX);
    this.offsetTicks += late * (late > 0 ? EARLIER_SHARE : LATER_SHARE);
    this.jitter += (Math.abs(late) - this.jitter) * JITTER_SHARE;
    this.lateness.add(-error);
    return false;
  }

  /** Advance time: displayed time glides to where it should be. */
  advance(passedTicks: number): void {
    const wrong = this.offsetTicks - this.delayTicks - this.shownTicks;
    const most = passedTicks * GLIDE;
    const isFar = Math.abs(wrong) > JUMP_TICKS;
    this.shownTicks += isFar ? wrong : Math.max(-most, Math.min(most, wrong));
  }

  get isSynced(): boolean {
    return this.synced;
  }

  /** The tick of the newest snapshot that should have arrived by now. */
  arrivalTick(nowMs: number): number {
    return nowMs / TICK_MS + this.offsetTicks;
  }

  /** The tick the others are drawn at. */
  interpolationTick(nowMs: number): number {
    return nowMs / TICK_MS + this.shownTicks;
  }

  /** How far behind the newest snapshot they are drawn now. */
  get shownDelayTicks(): number {
    return this.offsetTicks - this.shownTicks;
  }

  /** How much snapshot arrival times vary. */
  get jitterTicks(): number {
    return this.jitter;
  }

  /** One snapshot interval to interpolate in, plus the time the next one may take. */
  private get delayTicks(): number {
    const wanted = this.spacingTicks + Math.max(this.spacingTicks, this.lateness.value + 0.5);
    return Math.max(DELAY_TICKS_MIN, Math.min(DELAY_TICKS_MAX, wanted));
  }

  /** Whether snapshots are permanently late, and not just delayed together. */
  private isFarLate(error: number, nowMs: number): boolean {
    if (error > -FAR_TICKS) {
      this.farSinceMs = null;
      return false;
    }
    this.farSinceMs ??= nowMs;
    return nowMs - this.farSinceMs > FAR_FOR_MS;
  }

  private start(tick: number, nowMs: number): void {
    this.synced = true;
    this.farSinceMs = null;
    this.offsetTicks = tick - nowMs / TICK_MS;
    this.shownTicks = this.offsetTicks - this.delayTicks;
  }
}
