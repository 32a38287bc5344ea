/**
 * The offset between a player's drawn and true position, smoothed out over some frames.
 *
 * Owns: how fast it shrinks. Must not know: whose offset it is. Invariants: it never shrinks faster
 * than `UNITS_PER_TICK_MAX`, however long it is, and never grows; an offset longer than
 * `HIDDEN_UNITS_MAX` is no movement of a player, and is jumped.
 */
import { TUNING } from "../wire/generated";

export const HIDDEN_UNITS_MAX = 8 * 1024;

const HALVES_IN_TICKS = 2.7;
const NONE_UNITS = 1;
// A player may run meanwhile: both together are no faster than the rules allow.
const UNITS_PER_TICK_MAX = TUNING.speedMax - 2 * TUNING.runSpeed;

/** What is left of an offset of `units` after so many ticks. */
export function unitsLeft(units: number, ticks: number): number {
  if (units > HIDDEN_UNITS_MAX || ticks < 0) return ticks < 0 ? units : 0;
  // First at the top speed, then by halving, from the point where halving is the slower of both.
  const halvingUnits = (UNITS_PER_TICK_MAX * HALVES_IN_TICKS) / Math.LN2;
  const fastTicks = Math.max(0, (units - halvingUnits) / UNITS_PER_TICK_MAX);
  if (ticks < fastTicks) return units - ticks * UNITS_PER_TICK_MAX;
  const slowed = Math.min(units, halvingUnits) * 0.5 ** ((ticks - fastTicks) / HALVES_IN_TICKS);
  return slowed < NONE_UNITS ? 0 : slowed;
}
