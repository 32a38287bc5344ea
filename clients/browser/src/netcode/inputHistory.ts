/**
 * The local player's inputs by tick, from the oldest that a snapshot may still need to the newest.
 *
 * Owns: the inputs, and the server's rule for a missing one: the last one stays in force, and after
 * `COAST_TICKS` the keys are released (server/match/inbox.py). Invariant: at most `INPUTS_MAX`
 * inputs are kept.
 */
import { COAST_TICKS, INPUTS_MAX } from "./tuning";

export interface TickInput {
  buttons: number;
  aim: number;
}

const LONG_AGO = -1_000_000;

export class InputHistory {
  private readonly byTick = new Map<number, TickInput>();
  private newestTick = LONG_AGO;

  put(tick: number, input: TickInput): void {
    this.byTick.set(tick, input);
    this.newestTick = Math.max(this.newestTick, tick);
    if (this.byTick.size > INPUTS_MAX) this.forgetBefore(this.newestTick - INPUTS_MAX + 1);
  }

  /** The input in force at `tick`, as the server will have it when all of ours arrive in time. */
  at(tick: number): TickInput {
    for (let back = 0; back < INPUTS_MAX; back += 1) {
      const found = this.byTick.get(tick - back);
      if (found !== undefined) return back < COAST_TICKS ? found : { buttons: 0, aim: found.aim };
    }
    return { buttons: 0, aim: 0 };
  }

  /**
   * Drop the inputs before this tick, but not the newest of them: it may still be in force.
   */
  forgetBefore(tick: number): void {
    let keptTick = LONG_AGO;
    for (const known of this.byTick.keys()) if (known < tick) keptTick = Math.max(keptTick, known);
    for (const known of this.byTick.keys()) if (known < keptTick) this.byTick.delete(known);
  }

  clear(): void {
    this.byTick.clear();
    this.newestTick = LONG_AGO;
  }

  get size(): number {
    return this.byTick.size;
  }
}
