/**
 * The current tick, for the local player (`predictedTick`) and the others (`interpolationTick`).
 *
 * Owns: the lead over the server, adjusted by how early it says inputs arrive. Must not know: the
 * world. Invariants: `predictedTick` never goes back except in a resync, and one `advance` asks for
 * at most `STEPS_MAX` ticks however long the page slept; messages delayed by a stall cause no jump.
 */
import { Arrival, TICK_MS } from "./arrival";
import { Quantile } from "./quantile";
import {
  BURST_EXTRA_TICKS_MAX,
  BURST_FORGOTTEN_PER_TICK,
  BURST_FREE_TICKS,
  EARLY_RESYNC_TICKS,
  IN_TIME_SHARE,
  LATE_RESYNC_TICKS,
  LEAD_TICKS_START,
  MARGIN_SHARE,
  MARGIN_TARGET_TICKS,
  NEW_CONNECTION_MS,
  NEW_CONNECTION_TICKS,
  RATE_MAX,
  RATE_PER_TICK,
  RESYNC_AFTER_MS,
  SPREAD_FREE_TICKS,
  SPREAD_TICKS_MAX,
  STEPS_AFTER_GAP,
  STEPS_MAX,
} from "./tuning";

export class Clock {
  private readonly arrival = new Arrival();
  private predicted = 0;
  private advancedAtMs = 0;
  private rate = 0;
  private startedAtMs = 0;
  marginTicks: number | null = null; // recent reports of the server, smoothed
  private marginsFromTick = 0;
  private readonly shortfall = new Quantile(IN_TIME_SHARE, SPREAD_TICKS_MAX + SPREAD_FREE_TICKS);
  private offSinceMs: number | null = null; // since then, margins are too far off for speed
  private offMargin = 0; // the best of these margins
  private burstTicks = 0; // the most ticks in one recent frame
  resyncCount = 0;

  /** `roundTripMs`: as far as it is known before the first snapshot. */
  constructor(private readonly roundTripMs = 0) {}

  /** Take in a snapshot of `tick`. `margin` null: it says nothing yet about our inputs. */
  snapshot(tick: number, margin: number | null, nowMs: number): void {
    const wasSynced = this.arrival.isSynced;
    const firstLead = LEAD_TICKS_START + this.roundTripMs / TICK_MS;
    const lead = wasSynced
      ? Math.max(1, this.predicted - this.arrival.arrivalTick(this.advancedAtMs))
      : firstLead;
    if (this.arrival.snapshot(tick, nowMs)) {
      if (wasSynced) this.resyncCount += 1;
      this.start(tick + lead, nowMs);
      return;
    }
    const sinceFrameTicks = Math.max(0, nowMs - this.advancedAtMs) / TICK_MS;
    if (this.predicted + sinceFrameTicks <= tick) {
      // The server has reached the tick of our next inputs: the first snapshots were delayed.
      this.resyncCount += 1;
      this.start(tick + firstLead, nowMs);
      return;
    }
    if (margin !== null && tick >= this.marginsFromTick) this.follow(margin, nowMs);
  }

  /**
   * Advance to `nowMs`. Returns how many whole ticks, up to the newest, to predict; after a gap too
   * long to catch up on, these are only the last few of those that passed.
   */
  advance(nowMs: number): number {
    const passedTicks = Math.max(0, nowMs - this.advancedAtMs) / TICK_MS;
    // A frame's time may be slightly before that of a message already taken in.
    this.advancedAtMs = Math.max(this.advancedAtMs, nowMs);
    if (!this.arrival.isSynced) return 0;
    this.arrival.advance(passedTicks);
    const before = Math.floor(this.predicted);
    if (passedTicks > STEPS_MAX - 1) {
      this.predicted += passedTicks;
      this.resyncCount += 1;
      return STEPS_AFTER_GAP;
    }
    this.predicted += passedTicks * (1 + this.rate);
    const steps = Math.floor(this.predicted) - before;
    this.burstTicks = Math.max(steps, this.burstTicks - passedTicks * BURST_FORGOTTEN_PER_TICK);
    return steps;
  }

  /**
   * How early inputs should arrive. With slow frames, several ticks are sampled at once, and the
   * first of them has waited the longest; on a jittery connection, some are delayed. Both have to
   * arrive in time: the slower the frames and the worse the connection, the earlier.
   */
  get marginTargetTicks(): number {
    const burst = Math.min(BURST_EXTRA_TICKS_MAX, Math.max(0, this.burstTicks - BURST_FREE_TICKS));
    const spread = Math.max(0, this.shortfall.value - SPREAD_FREE_TICKS);
    return MARGIN_TARGET_TICKS + Math.max(burst, spread);
  }

  get isSynced(): boolean {
    return this.arrival.isSynced;
  }

  /** The local player's tick, with its fraction. */
  get predictedTick(): number {
    return this.predicted;
  }

  /** How much snapshot arrival times vary. */
  get jitterTicks(): number {
    return this.arrival.jitterTicks;
  }

  /** How far behind the newest snapshot the others are drawn. */
  get delayTicks(): number {
    return this.arrival.shownDelayTicks;
  }

  /** The tick the others are drawn at. */
  interpolationTick(nowMs: number): number {
    return this.arrival.interpolationTick(nowMs);
  }

  private start(predicted: number, nowMs: number): void {
    this.predicted = predicted;
    this.advancedAtMs = this.startedAtMs = nowMs;
    this.rate = 0;
    // No earlier tick has an input of ours.
    this.marginsFromTick = Math.ceil(this.predicted);
  }

  private follow(margin: number, nowMs: number): void {
    if (this.isOff(margin, nowMs)) return;
    this.marginTicks ??= margin;
    this.marginTicks += (margin - this.marginTicks) * MARGIN_SHARE;
    this.shortfall.add(this.marginTicks - margin);
    const wrong = this.marginTargetTicks - this.marginTicks;
    this.rate = Math.max(-RATE_MAX, Math.min(RATE_MAX, wrong * RATE_PER_TICK));
  }

  /** Whether this margin is no use for steering; jumps when all are like this for a while. */
  private isOff(margin: number, nowMs: number): boolean {
    const isFirst = this.marginTicks === null; // so no margin says that it was ever better
    const isFar = margin < LATE_RESYNC_TICKS || margin > EARLY_RESYNC_TICKS;
    if (!isFar) {
      this.offSinceMs = null;
      const isNew = isFirst || nowMs - this.startedAtMs < NEW_CONNECTION_MS;
      if (!isNew || margin >= this.marginTargetTicks - NEW_CONNECTION_TICKS) return false;
    }
    if (this.offSinceMs === null || margin > this.offMargin) this.offMargin = margin;
    this.offSinceMs ??= nowMs;
    if (isFar && !isFirst && nowMs - this.offSinceMs < RESYNC_AFTER_MS) return true;
    this.predicted += this.marginTargetTicks - this.offMargin;
    this.resyncCount += 1;
    this.marginTicks = null;
    this.offSinceMs = null;
    this.rate = 0;
    // Margins in flight are about inputs from before the jump.
    this.marginsFromTick = Math.ceil(this.predicted) + 2;
    return true;
  }
}
