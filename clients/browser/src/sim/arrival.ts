/**
 * The server's clock as snapshots tell it, and how far behind it the others can be drawn smoothly.
 *
 * Owns: the estimate of which tick's snapshot arrives now, and the delay. Must not know: inputs,
 * the world. Invariants: time on the screen never goes back and never runs faster or slower than by
 * `GLIDE`, except in a jump; a stall, however long, ends where time would be without it.
 */
import { SNAPSHOT_EVERY_TICKS } from "../wire/generated";
import { Quantile } from "./quantile";

export const TICK_MS = 1000 / 60;
export const DELAY_TICKS_MIN = 2 * SNAPSHOT_EVERY_TICKS;
export const DELAY_TICKS_MAX = 15; // as far as the server rewinds for a rail

const EARLIER_SHARE = 0.15; // one that came early proves that the road is shorter than thought
const LATER_SHARE = 0.03; // a late one may only have been held up
const LATE_TICKS_MAX = 6; // and one that was held up for long says no more about the road
const BURST_MS = 6; // what comes so close behind another was held up together with it
const FAR_TICKS = 30;
const FAR_FOR_MS = 1_000; // so long all have to be far late before it is the server's time that jumped
const SPACING_TICKS_MAX = 8;
const GLIDE = 0.03; // a jump would be seen in everybody else
const JUMP_TICKS = 20;

export class Arrival {
  private offsetTicks = 0; // arrival tick - local time in ticks
  private synced = false;
  private heardAtMs = 0;
  private heardTick = 0;
  private farSinceMs: number | null = null;
  private wavering = 0;
  private spacingTicks = SNAPSHOT_EVERY_TICKS;
  private readonly lateness = new Quantile(0.97, DELAY_TICKS_MAX);
  private shownTicks = 0; // the tick on the screen - local time in ticks

  /** A snapshot came in. Returns whether time had to jump for it. */
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
    this.spacingTicks += (Math.min(SPACING_TICKS_MAX, Math.max(1, spacing)) - this.spacingTicks) * 0.1;
    if (isBurst && error < 0) return false;
    const late = Math.max(error, -LATE_TICKS_MAX);
    this.offsetTicks += late * (late > 0 ? EARLIER_SHARE : LATER_SHARE);
    this.wavering += (Math.abs(late) - this.wavering) * 0.05;
    this.lateness.add(-error);
    return false;
  }

  /** Let time pass: the time on the screen glides to where it should be. */
  advance(passedTicks: number): void {
    const wrong = this.offsetTicks - this.delayTicks - this.shownTicks;
    const most = passedTicks * GLIDE;
    const isFar = Math.abs(wrong) > JUMP_TICKS;
    this.shownTicks += isFar ? wrong : Math.max(-most, Math.min(most, wrong));
  }

  get isSynced(): boolean {
    return this.synced;
  }

  /** The tick of the newest snapshot that should have come by now. */
  arrivalTick(nowMs: number): number {
    return nowMs / TICK_MS + this.offsetTicks;
  }

  /** The tick the others are drawn at. */
  interpolationTick(nowMs: number): number {
    return nowMs / TICK_MS + this.shownTicks;
  }

  /** How far behind the newest snapshot they are drawn just now. */
  get shownDelayTicks(): number {
    return this.offsetTicks - this.shownTicks;
  }

  /** How much the arrival of snapshots wavers. */
  get jitterMs(): number {
    return this.wavering * TICK_MS;
  }

  reset(): void {
    this.synced = false;
    this.farSinceMs = null;
    this.wavering = 0;
    this.spacingTicks = SNAPSHOT_EVERY_TICKS;
    this.lateness.reset();
  }

  /** One snapshot to go to, and for the next one as long as it may be on its way. */
  private get delayTicks(): number {
    const wanted = this.spacingTicks + Math.max(this.spacingTicks, this.lateness.value + 0.5);
    return Math.max(DELAY_TICKS_MIN, Math.min(DELAY_TICKS_MAX, wanted));
  }

  /** Whether snapshots are late for good, and not just held up together. */
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
