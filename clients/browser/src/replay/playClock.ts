/**
 * The tick drawn for a viewer: a little behind the newest snapshot, at the speed they chose.
 *
 * Owns: the place on the screen. Must not know: the network. Invariants: it never passes the newest
 * snapshot, and never goes back except by a jump.
 */
import { TICKS_PER_SECOND } from "../wire/generated";

const BEHIND_SNAPSHOTS = 2.5; // this many are kept in hand against jitter
const GAP_TICKS_START = 2;
const STEERING_MAX = 0.4; // of the speed
const LOST_SNAPSHOTS = 30; // farther behind than this is a page that slept
const STEP_MS_MAX = 250;

export class PlayClock {
  percent = 100; // 0: paused
  private tick = 0;
  private newestTick = 0;
  private gapTicks = GAP_TICKS_START;
  private atMs = 0;

  get newest(): number {
    return this.newestTick;
  }

  /** Jump to another place. */
  jump(tick: number, nowMs: number): void {
    this.tick = tick;
    this.newestTick = tick;
    this.gapTicks = GAP_TICKS_START;
    this.atMs = nowMs;
  }

  /** Take in the next snapshot. */
  snapshot(tick: number): void {
    const gap = tick - this.newestTick;
    this.gapTicks += (Math.max(GAP_TICKS_START, gap) - this.gapTicks) * 0.3;
    this.newestTick = tick;
  }

  /** The tick to draw now, with its fraction. */
  advance(nowMs: number): number {
    const passedMs = Math.max(0, Math.min(STEP_MS_MAX, nowMs - this.atMs));
    this.atMs = nowMs;
    const isPaused = this.percent === 0;
    const behindTicks = isPaused ? 0 : this.gapTicks * BEHIND_SNAPSHOTS;
    const missing = this.newestTick - behindTicks - this.tick;
    if (missing > this.gapTicks * LOST_SNAPSHOTS) {
      this.tick = this.newestTick - behindTicks;
      return this.tick;
    }
    const steering = missing / (this.gapTicks * 4);
    const speed = (isPaused ? 1 : this.percent / 100) * (TICKS_PER_SECOND / 1000);
    const rate = 1 + Math.max(-STEERING_MAX, Math.min(STEERING_MAX, steering));
    this.tick = Math.min(this.newestTick, this.tick + passedMs * speed * rate);
    return this.tick;
  }
}
