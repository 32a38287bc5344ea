/**
 * Which tick it is, for the local player (`predictedTick`) and the others (`interpolationTick`).
 *
 * Owns: the lead over the server, adjusted by how early it says inputs arrive. Must not know: the
 * world. Invariants: `predictedTick` never goes back except in a resync, and one `advance` asks for
 * at most `STEPS_MAX` ticks however long the page slept; messages delayed by a stall cause no jump.
 */
import { Arrival, TICK_MS } from "./arrival";
import { Quantile } from "./quantile";

/** What one frame may catch up on; a longer gap (the page hung or slept) is jumped over. */
export const STEPS_MAX = 15;
/**
 * After such a gap: enough for one message, and the only ticks whose inputs are not too late.
 */
export const STEPS_AFTER_GAP = 2;
export const MARGIN_TARGET_TICKS = 1.5;

const RATE_MAX = 0.05; // a larger change of speed is visible
const RATE_PER_TICK = 0.012;
const LATE_RESYNC_TICKS = -5; // later than this, catching up by speed would take seconds
const EARLY_RESYNC_TICKS = 25; // if earlier, the server refuses inputs as too early
const RESYNC_AFTER_MS = 400; // a stall ends sooner, and what it delayed proves nothing
const BURST_FREE_TICKS = 2; // one message holds this many ticks anyway
const BURST_EXTRA_TICKS_MAX = STEPS_MAX - 1 - BURST_FREE_TICKS; // the most a frame catches up on
const BURST_FORGOTTEN_PER_TICK = 0.004; // one tick in four seconds
const SPREAD_FREE_TICKS = 1; // a margin is a whole number, and varies by this much anywhere
const SPREAD_TICKS_MAX = 8;
const IN_TIME_SHARE = 0.998; // each late input may cause a correction; with 0.99 some do
// On a new connection, inputs later than the target by more than this cause a jump: catching up by
// speed would take seconds of late inputs, and there is little on the screen yet.
const NEW_ROAD_TICKS = 3;
const NEW_ROAD_MS = 1_500;
const LEAD_TICKS_START = 5; // before the first margin is known; too early costs nothing but delay

export class Clock {
  private readonly arrival = new Arrival();
  private predicted = 0;
  private advancedAtMs = 0;
  private rate = 0;
  private startedAtMs = 0;
  private marginTicks: number | null = null;
  private ignoreMarginsUntilTick = 0;
  private readonly shortfall = new Quantile(IN_TIME_SHARE, SPREAD_TICKS_MAX + SPREAD_FREE_TICKS);
  private offSinceMs: number | null = null; // since then, margins are too far off for speed
  private offMargin = 0; // the best of these margins
  private burstTicks = 0; // the most ticks in one recent frame
  resyncCount = 0;

  /** Take in a snapshot of `tick`. `margin` null: it says nothing yet about our inputs. */
  snapshot(tick: number, margin: number | null, nowMs: number): void {
    const wasSynced = this.arrival.isSynced;
    const lead = wasSynced
      ? Math.max(1, this.predicted - this.arrival.arrivalTick(this.advancedAtMs))
      : LEAD_TICKS_START;
    if (this.arrival.snapshot(tick, nowMs)) {
      if (wasSynced) this.resyncCount += 1;
      this.start(tick + lead, nowMs);
      return;
    }
    const sinceFrameTicks = Math.max(0, nowMs - this.advancedAtMs) / TICK_MS;
    if (this.predicted + sinceFrameTicks <= tick) {
      // The server has reached the tick of our next inputs: the first snapshots were delayed.
      this.resyncCount += 1;
      this.start(tick + LEAD_TICKS_START, nowMs);
      return;
    }
    if (margin !== null && tick >= this.ignoreMarginsUntilTick) this.follow(margin, nowMs);
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
  get jitterMs(): number {
    return this.arrival.jitterMs;
  }

  /** How far behind the newest snapshot the others are drawn. */
  get interpolationDelayTicks(): number {
    return this.arrival.shownDelayTicks;
  }

  /** The last margin that the server reported, smoothed. */
  get smoothedMarginTicks(): number {
    return this.marginTicks ?? 0;
  }

  /** The tick the others are drawn at. */
  interpolationTick(nowMs: number): number {
    return this.arrival.interpolationTick(nowMs);
  }

  /** Forget everything: another connection, or another round. */
  reset(): void {
    this.arrival.reset();
    this.shortfall.reset();
    this.marginTicks = null;
    this.offSinceMs = null;
    this.rate = 0;
    this.ignoreMarginsUntilTick = 0;
  }

  private start(predicted: number, nowMs: number): void {
    this.predicted = predicted;
    this.advancedAtMs = this.startedAtMs = nowMs;
    this.rate = 0;
    // No earlier tick has an input of ours.
    this.ignoreMarginsUntilTick = Math.ceil(this.predicted);
  }

  private follow(margin: number, nowMs: number): void {
    if (this.isOff(margin, nowMs)) return;
    this.marginTicks ??= margin;
    this.marginTicks += (margin - this.marginTicks) * 0.15;
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
      const isNewRoad = isFirst || nowMs - this.startedAtMs < NEW_ROAD_MS;
      if (!isNewRoad || margin >= this.marginTargetTicks - NEW_ROAD_TICKS) return false;
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
    this.ignoreMarginsUntilTick = Math.ceil(this.predicted) + 2;
    return true;
  }
}
