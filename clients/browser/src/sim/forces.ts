/**
 * What else than one's own inputs acted on oneself, as the events of a snapshot tell.
 *
 * Owns: the line between a wrong prediction and news. Must not know: what was foretold.
 */
import { EventKind, TUNING, Weapon } from "../wire/generated";
import type { View } from "../wire/snapshot";
import type { RawEvent } from "./weapons";

/** A rocket's reach, a player's radius, and what both may have moved in two ticks. */
const BLAST_UNITS =
  TUNING.weapons[Weapon.LAUNCHER].blastRadiusUnits + TUNING.playerRadiusUnits + 2 * TUNING.speedMax;

/** Whether somebody or something had a hand in what became of the player of `slot` at `place`. */
export function isForced(view: View, slot: number, place: { x: number; y: number }): boolean {
  return view.events.some((event) => actsOn(event, slot, place));
}

/** The players who began another life, wherever they were before. */
export function reborn(view: View): Set<number> {
  const slots = new Set<number>();
  for (const [kind, slot] of view.events) {
    if (kind === EventKind.SPAWN && slot !== undefined) slots.add(slot);
  }
  return slots;
}

function actsOn(event: RawEvent, slot: number, place: { x: number; y: number }): boolean {
  const [kind, first, second = 0] = event;
  switch (kind) {
    case EventKind.HIT: // the victim comes first
    case EventKind.KILL:
    case EventKind.SPAWN:
    case EventKind.PICKUP:
      return first === slot;
    case EventKind.EXPLODE: // it may push without hurting
      return Math.hypot((first ?? 0) - place.x, second - place.y) < BLAST_UNITS;
    case EventKind.PHASE: // triggers are locked, or free
      return true;
    default:
      return false;
  }
}
