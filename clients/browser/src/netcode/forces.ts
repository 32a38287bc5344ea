/**
 * Whether anything besides a player's own inputs acted on them, judged by a snapshot's events.
 *
 * Owns: the line between a wrong prediction and news. Must not know: what was predicted.
 */
import { EventKind, TUNING, TURN, Weapon } from "../wire/generated";
import type { View } from "../wire/snapshot";
import type { RawEvent } from "../rules/weapons";

/** A player's radius, plus how far they may have moved in two ticks. */
const SLACK_UNITS = TUNING.playerRadiusUnits + 2 * TUNING.speedMax;
const BLAST_UNITS = TUNING.weapons[Weapon.LAUNCHER].blastRadiusUnits + SLACK_UNITS;
const FAN_UNITS = TUNING.weapons[Weapon.SCATTER].rangeUnits;
const FAN_SLOPE = Math.tan(((TUNING.weapons[Weapon.SCATTER].spread / 2) * 2 * Math.PI) / TURN);

/** Whether anybody or anything else may have acted on the player of `slot`, now at `place`. */
export function isForced(view: View, slot: number, place: { x: number; y: number }): boolean {
  return view.events.some((event) => actsOn(event, slot, place));
}

/** The slots of the players who spawned, wherever they were before. */
export function respawned(view: View): Set<number> {
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
    case EventKind.SCATTER: // and so may a pellet near the end of its range
      return first !== slot && isInFan(event, place);
    case EventKind.PHASE: // it locks triggers, or frees them
      return true;
    default:
      return false;
  }
}

/** Whether a pellet may have touched a player who is here now. */
function isInFan(scatter: RawEvent, place: { x: number; y: number }): boolean {
  const [, , fromX = 0, fromY = 0, aim = 0] = scatter;
  const [wayX, wayY, turn] = [place.x - fromX, place.y - fromY, (aim / TURN) * 2 * Math.PI];
  const along = wayX * Math.cos(turn) + wayY * Math.sin(turn);
  const across = Math.abs(wayY * Math.cos(turn) - wayX * Math.sin(turn));
  return (
    along > -SLACK_UNITS &&
    along < FAN_UNITS + SLACK_UNITS &&
    across < Math.max(along, 0) * FAN_SLOPE + SLACK_UNITS
  );
}
