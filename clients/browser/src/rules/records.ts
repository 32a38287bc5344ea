/** The records of a view by name: what each number of a snapshot means. */
import {
  BODY_FIELDS,
  CARD_FIELDS,
  CIRCLE_FIELDS,
  FLAG_FIELDS,
  OWN_FIELDS,
  SHOT_FIELDS,
  Status,
} from "../wire/generated";
import type { Fighter } from "./weapons";

/** A record's ammunition of each weapon but the blaster, in the weapons' order. */
const AMMO_FIELDS = OWN_FIELDS.filter((field) => field.startsWith("ammo"));

type Named<Fields extends readonly string[]> = Record<Fields[number], number>;

export type CardRecord = Named<typeof CARD_FIELDS>;
export type BodyRecord = Named<typeof BODY_FIELDS>;
export type ShotRecord = Named<typeof SHOT_FIELDS>;
export type OwnRecord = Named<typeof OWN_FIELDS>;
export type FlagRecord = Named<typeof FLAG_FIELDS>;
export type CircleRecord = Named<typeof CIRCLE_FIELDS>;

export function cardRecord(values: readonly number[]): CardRecord {
  return named(CARD_FIELDS, values);
}

export function bodyRecord(values: readonly number[]): BodyRecord {
  return named(BODY_FIELDS, values);
}

export function shotRecord(values: readonly number[]): ShotRecord {
  return named(SHOT_FIELDS, values);
}

export function ownRecord(values: readonly number[]): OwnRecord {
  return named(OWN_FIELDS, values);
}

export function flagRecord(values: readonly number[]): FlagRecord {
  return named(FLAG_FIELDS, values);
}

export function circleRecord(values: readonly number[]): CircleRecord {
  return named(CIRCLE_FIELDS, values);
}

export function isAlive(player: CardRecord | BodyRecord): boolean {
  return (player.status & Status.ALIVE) !== 0;
}

export function weaponOf(player: BodyRecord): number {
  return player.status >> Status.WEAPON_SHIFT;
}

/** The local player as the server sees them, in the form that prediction uses. */
export function fighterOf(player: BodyRecord, own: OwnRecord): Fighter {
  const { x, y, vx, vy } = player;
  const { dashVx, dashVy, dashUntilTick, dashReadyTick, fireReadyTick } = own;
  const { protectedUntilTick, doubleUntilTick, respawnTick } = own;
  return {
    ...{ x, y, vx, vy, dashVx, dashVy, dashUntilTick, dashReadyTick, fireReadyTick },
    ...{ protectedUntilTick, doubleUntilTick, respawnTick },
    buttons: 0,
    aim: player.aim8 << 8,
    alive: isAlive(player),
    weapon: weaponOf(player),
    ammo: [0, ...AMMO_FIELDS.map((field) => own[field])], // the blaster needs none
  };
}

function named<Fields extends readonly string[]>(
  fields: Fields,
  values: readonly number[],
): Named<Fields> {
  const record: Record<string, number> = {};
  fields.forEach((field, index) => {
    record[field] = values[index] ?? 0;
  });
  return record as Named<Fields>;
}
