/**
 * The offset between a player's drawn and true position, smoothed out over some frames.
 *
 * Owns: how fast it shrinks. Must not know: whose offset it is. Invariants: it never shrinks faster
 * than `HIDDEN_UNITS_PER_TICK_MAX`, however long it is, and never grows; an offset longer than
 * `HIDDEN_UNITS_MAX` is no movement of a player, and is jumped.
 */
import {
  HIDDEN_HALVES_IN_TICKS,
  HIDDEN_NONE_UNITS,
  HIDDEN_UNITS_MAX,
  HIDDEN_UNITS_PER_TICK_MAX,
} from "./tuning";

/** The rest of an offset of `units` after so many ticks. */
export function unitsLeft(units: number, ticks: number): number {
  if (ticks < 0) return units;
  if (units > HIDDEN_UNITS_MAX) return 0;
  // First at the top speed, then by halving, from the point where halving is the slower of both.
  const halvingUnits = (HIDDEN_UNITS_PER_TICK_MAX * HIDDEN_HALVES_IN_TICKS) / Math.LN2;
  const fastTicks = Math.max(0, (units - halvingUnits) / HIDDEN_UNITS_PER_TICK_MAX);
  if (ticks < fastTicks) return units - ticks * HIDDEN_UNITS_PER_TICK_MAX;
  const slowed = Math.min(units, halvingUnits) * 0.5 ** ((ticks - fastTicks) / HIDDEN_HALVES_IN_TICKS);
  return slowed < HIDDEN_NONE_UNITS ? 0 : slowed;
}

/** The share of the offset (x, y) that is left after so many ticks. */
export function shareLeft(x: number, y: number, ticks: number): number {
  const units = Math.hypot(x, y);
  return units === 0 ? 0 : unitsLeft(units, ticks) / units;
}
