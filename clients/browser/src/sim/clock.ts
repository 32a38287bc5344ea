/**
 * Which tick it is: for oneself (`predictedTick`), and for the others (`interpolationTick`).
 *
 * Owns: the lead over the server, nudged by how early it says that inputs come. Must not know: the
 * world. Invariants: `predictedTick` never goes back except in a resync, and one `advance` never
 * moves it by more than `STEPS_MAX` ticks however long the page slept; what came late in a stall is
 * no reason to jump.
 */
import { Arrival, TICK_MS } from "./arrival";
import { Quantile } from "./quantile";

/** What one frame may make up for; a longer gap is a page that hung or slept, and starts anew. */
export const STEPS_MAX = 15;
/**
 * After such a gap: enough for one message, and the only ticks for which an input is not too late.
 */
export const STEPS_AFTER_GAP = 2;
export const MARGIN_TARGET_TICKS = 1.5;

const RATE_MAX = 0.05; // speeding up or slowing down by more can be seen
const RATE_PER_TICK = 0.012;
const LATE_RESYNC_TICKS = -5; // later than this, catching up by speed would take seconds
const EARLY_RESYNC_TICKS = 25; // earlier, and the server refuses inputs for they are too early
const RESYNC_AFTER_MS = 400; // a stall ends, and what came late in it was only held up
const BURST_FREE_TICKS = 2; // so many ticks go into one message anyway
const BURST_EXTRA_TICKS_MAX = STEPS_MAX - 1 - BURST_FREE_TICKS; // the most that a frame makes up for
const BURST_FORGOTTEN_PER_TICK = 0.004; // four seconds for one tick
const SPREAD_FREE_TICKS = 1; // a margin is a whole number, and wavers by so much on any road
const SPREAD_TICKS_MAX = 8;
const IN_TIME_SHARE = 0.998; // each input that is not may be a correction; with 0.99 some are
// On a new road what is later than wanted by more than this is jumped over: speed would take
// seconds, each with inputs that come too late, and there is little to be seen yet.
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
  private offSinceMs: number | null = null; // margins are off by more than speed can mend
  private offMargin = 0; // the best of them
  private burstTicks = 0; // the most that lately came in one frame
  resyncCount = 0;

  /** A snapshot of `tick` came in. `margin` null: it says nothing yet about our inputs. */
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
      // The server is where our inputs still have to go: the first snapshots had been held up.
      this.resyncCount += 1;
      this.start(tick + LEAD_TICKS_START, nowMs);
      return;
    }
    if (margin !== null && tick >= this.ignoreMarginsUntilTick) this.follow(margin, nowMs);
  }

  /**
   * Let time pass until `nowMs`. Returns how many whole ticks of prediction, the newest ones, are
   * to be lived; after a gap too long to make up for these are only the last few of those that
   * passed.
   */
  advance(nowMs: number): number {
    const passedTicks = Math.max(0, nowMs - this.advancedAtMs) / TICK_MS;
    // A frame's own time may lie a little before that of a message already taken in.
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
   * How early inputs should come. Where frames are slow, several ticks are sampled at once, and the
   * first of them has waited the longest; where the road wavers, some are held up. Both have to
   * come in time: the slower the frames and the worse the road, the earlier.
   */
  get marginTargetTicks(): number {
    const burst = Math.min(BURST_EXTRA_TICKS_MAX, Math.max(0, this.burstTicks - BURST_FREE_TICKS));
    const spread = Math.max(0, this.shortfall.value - SPREAD_FREE_TICKS);
    return MARGIN_TARGET_TICKS + Math.max(burst, spread);
  }

  get isSynced(): boolean {
    return this.arrival.isSynced;
  }

  /** The tick one's own player is at, with its fraction. */
  get predictedTick(): number {
    return this.predicted;
  }

  /** How much the arrival of snapshots wavers. */
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
    // No input of ours can have come before.
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

  /** Whether this margin is no use for steering: jump, if all are like this for a while. */
  private isOff(margin: number, nowMs: number): boolean {
    const isFirst = this.marginTicks === null; // and nothing says that it was ever better
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
    // Margins on their way speak of inputs from before the jump.
    this.ignoreMarginsUntilTick = Math.ceil(this.predicted) + 2;
    return true;
  }
}
