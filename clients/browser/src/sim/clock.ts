/**
 * Which tick it is: on the server's road to us (`arrivalTick`), for oneself (`predictedTick`), for
 * the others (`interpolationTick`).
 *
 * Owns: three clocks that run at 60 ticks a second of local time and are nudged by what snapshots
 * say. Must not know: the world. Invariants: `predictedTick` never goes back except in a resync,
 * and one `advance` never moves it by more than `STEPS_MAX` ticks however long the page slept.
 */

export const TICK_MS = 1000 / 60;
/** What one frame may make up for; a longer gap is a page that hung or slept, and starts anew. */
export const STEPS_MAX = 15;
/**
 * After such a gap: enough for one message, and the only ticks for which an input is not too late.
 */
export const STEPS_AFTER_GAP = 2;
export const MARGIN_TARGET_TICKS = 1.5;
export const DELAY_TICKS_MIN = 4; // two snapshots
export const DELAY_TICKS_MAX = 15; // as far as the server rewinds for a rail

const RATE_MAX = 0.05; // speeding up or slowing down by more can be seen
const RATE_PER_TICK = 0.012;
const LATE_RESYNC_TICKS = -5; // later than this, catching up by speed would take seconds
const BURST_FREE_TICKS = 2; // so many ticks go into one message anyway
const BURST_EXTRA_TICKS_MAX = 8;
const BURST_FORGOTTEN_PER_TICK = 0.004; // four seconds for one tick
const LEAD_TICKS_START = 5; // before the first margin is known; too early costs nothing but delay
const ARRIVAL_RESYNC_TICKS = 30;

export class Clock {
  private arrivalOffsetTicks = 0; // arrivalTick - local time in ticks
  private synced = false;
  private predicted = 0;
  private advancedAtMs = 0;
  private rate = 0;
  private marginTicks: number | null = null;
  private ignoreMarginsUntilTick = 0;
  private jitterTicks = 0;
  private delayTicks = DELAY_TICKS_MIN;
  private burstTicks = 0; // the most that lately came in one frame
  resyncCount = 0;

  /** A snapshot of `tick` came in. `margin` null: it says nothing yet about our inputs. */
  snapshot(tick: number, margin: number | null, nowMs: number): void {
    const sample = tick - nowMs / TICK_MS;
    const error = sample - this.arrivalOffsetTicks;
    if (!this.synced || Math.abs(error) > ARRIVAL_RESYNC_TICKS) {
      this.start(tick, nowMs);
      return;
    }
    // One that came early proves that the road is shorter than thought; a late one may only have
    // been held up.
    this.arrivalOffsetTicks += error * (error > 0 ? 0.15 : 0.03);
    this.jitterTicks += (Math.abs(error) - this.jitterTicks) * 0.05;
    if (margin !== null && tick >= this.ignoreMarginsUntilTick) this.follow(margin);
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
    if (!this.synced) return 0;
    this.followJitter(passedTicks);
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
   * first of them has waited the longest: the slower the frames, the earlier.
   */
  get marginTargetTicks(): number {
    const extra = Math.max(0, this.burstTicks - BURST_FREE_TICKS);
    return MARGIN_TARGET_TICKS + Math.min(BURST_EXTRA_TICKS_MAX, extra);
  }

  get isSynced(): boolean {
    return this.synced;
  }

  /** The tick one's own player is at, with its fraction. */
  get predictedTick(): number {
    return this.predicted;
  }

  /** How much the arrival of snapshots wavers. */
  get jitterMs(): number {
    return this.jitterTicks * TICK_MS;
  }

  /** How far behind the newest snapshot the others are drawn. */
  get interpolationDelayTicks(): number {
    return this.delayTicks;
  }

  /** The last margin that the server reported, smoothed. */
  get smoothedMarginTicks(): number {
    return this.marginTicks ?? 0;
  }

  /** The tick of the newest snapshot that should have come by now. */
  arrivalTick(nowMs: number): number {
    return nowMs / TICK_MS + this.arrivalOffsetTicks;
  }

  /** The tick the others are drawn at. */
  interpolationTick(nowMs: number): number {
    return this.arrivalTick(nowMs) - this.delayTicks;
  }

  /** Forget everything: another connection, or another round. */
  reset(): void {
    this.synced = false;
    this.marginTicks = null;
    this.rate = 0;
    this.jitterTicks = 0;
    this.delayTicks = DELAY_TICKS_MIN;
    this.ignoreMarginsUntilTick = 0;
  }

  private start(tick: number, nowMs: number): void {
    if (this.synced) this.resyncCount += 1;
    const lead = this.synced
      ? Math.max(1, this.predicted - this.arrivalTick(this.advancedAtMs))
      : LEAD_TICKS_START;
    this.synced = true;
    this.arrivalOffsetTicks = tick - nowMs / TICK_MS;
    this.predicted = tick + lead;
    this.advancedAtMs = nowMs;
    this.rate = 0;
    // No input of ours can have come before.
    this.ignoreMarginsUntilTick = Math.ceil(this.predicted);
  }

  private follow(margin: number): void {
    this.marginTicks ??= margin;
    this.marginTicks += (margin - this.marginTicks) * 0.15;
    if (margin < LATE_RESYNC_TICKS) {
      const jump = this.marginTargetTicks - margin;
      this.predicted += jump;
      this.resyncCount += 1;
      this.marginTicks = null;
      this.rate = 0;
      // Margins on their way speak of inputs from before the jump.
      this.ignoreMarginsUntilTick = Math.ceil(this.predicted) + 2;
      return;
    }
    const wrong = this.marginTargetTicks - this.marginTicks;
    this.rate = Math.max(-RATE_MAX, Math.min(RATE_MAX, wrong * RATE_PER_TICK));
  }

  /**
   * Glide towards the delay that the measured jitter asks for; a jump would be seen in everybody
   * else.
   */
  private followJitter(passedTicks: number): void {
    const wanted = Math.max(
      DELAY_TICKS_MIN,
      Math.min(DELAY_TICKS_MAX, DELAY_TICKS_MIN - 1 + this.jitterTicks * 2.5),
    );
    const most = passedTicks * 0.02;
    this.delayTicks += Math.max(-most, Math.min(most, wanted - this.delayTicks));
  }
}
