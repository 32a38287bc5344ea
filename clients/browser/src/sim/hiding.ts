/**
 * The way between a player's drawn and true place, walked in some frames instead of jumped.
 *
 * Owns: how fast. Must not know: whose way it is. Invariants: it is never walked faster than
 * `UNITS_PER_TICK_MAX`, however long it is, and never backwards; what is longer than
 * `HIDDEN_UNITS_MAX` is no way that anybody went, and is jumped.
 */
import { TUNING } from "../wire/generated";

export const HIDDEN_UNITS_MAX = 8 * 1024;

const HALVES_IN_TICKS = 2.7;
const NONE_UNITS = 1;
// Beside it one runs: both together are no faster than what the rules allow.
const UNITS_PER_TICK_MAX = TUNING.speedMax - 2 * TUNING.runSpeed;

/** What is left of a way of `units` after so many ticks. */
export function unitsLeft(units: number, ticks: number): number {
  if (units > HIDDEN_UNITS_MAX || ticks < 0) return ticks < 0 ? units : 0;
  // First as fast as one may, then slower and slower: from here on halving is the slower of both.
  const halvingUnits = (UNITS_PER_TICK_MAX * HALVES_IN_TICKS) / Math.LN2;
  const fastTicks = Math.max(0, (units - halvingUnits) / UNITS_PER_TICK_MAX);
  if (ticks < fastTicks) return units - ticks * UNITS_PER_TICK_MAX;
  const slowed = Math.min(units, halvingUnits) * 0.5 ** ((ticks - fastTicks) / HALVES_IN_TICKS);
  return slowed < NONE_UNITS ? 0 : slowed;
}
