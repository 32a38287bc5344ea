/**
 * The numbers and words of the rules that the eye and the ear need: events, weapons, pickups, phases, medals.
 *
 * Owns: names for numbers that cross the wire. Must not know how anything is drawn. Invariant: the numbers are those of
 * `game/events.py` and `game/tuning.py`, where numbers are never reused.
 */

export const EventKind = {
  SCATTER: 1,
  RAIL: 2,
  HIT: 3,
  KILL: 4,
  SPAWN: 5,
  PICKUP: 6,
  EXPLODE: 7,
  IMPACT: 8,
  BOUNCE: 9,
  DASH: 10,
  PHASE: 11,
  MEDAL: 12,
  FIRE: 13,
  EMPTY: 14,
} as const;

export const Weapon = { BLASTER: 0, SCATTER: 1, LAUNCHER: 2, RAIL: 3, DISC: 4 } as const;

export interface WeaponWords {
  title: string;
  intervalTicks: number; // between two shots, for the ring around the crosshair
  ammoMax: number; // 0: needs none
}

export const WEAPONS: readonly WeaponWords[] = [
  { title: "Blaster", intervalTicks: 10, ammoMax: 0 },
  { title: "Scatter", intervalTicks: 50, ammoMax: 30 },
  { title: "Launcher", intervalTicks: 60, ammoMax: 20 },
  { title: "Rail", intervalTicks: 86, ammoMax: 15 },
  { title: "Disc", intervalTicks: 30, ammoMax: 20 },
];

export const Pickup = {
  HEALTH: 0,
  MEGA: 1,
  ARMOUR: 2,
  DOUBLE: 3,
  AMMO_SCATTER: 11,
  AMMO_LAUNCHER: 12,
  AMMO_RAIL: 13,
  AMMO_DISC: 14,
} as const;

const AMMO_BASE = 10;

/** How long a pad stays empty, in ticks: the ring around it fills over this time. */
export const PICKUP_RESPAWN_TICKS: Record<number, number> = {
  [Pickup.HEALTH]: 900,
  [Pickup.MEGA]: 1800,
  [Pickup.ARMOUR]: 1200,
  [Pickup.DOUBLE]: 3600,
  [Pickup.AMMO_SCATTER]: 720,
  [Pickup.AMMO_LAUNCHER]: 720,
  [Pickup.AMMO_RAIL]: 720,
  [Pickup.AMMO_DISC]: 720,
};

const PICKUP_TITLES: Record<number, string> = {
  [Pickup.HEALTH]: "Health +25",
  [Pickup.MEGA]: "Mega health",
  [Pickup.ARMOUR]: "Armour +50",
  [Pickup.DOUBLE]: "Double damage",
};

export function pickupTitle(kind: number): string {
  const weapon = weaponOfPickup(kind);
  if (weapon >= 0) return `${WEAPONS[weapon]?.title ?? ""} ammunition`;
  return PICKUP_TITLES[kind] ?? "";
}

/** The weapon that an ammunition pad feeds, or -1. */
export function weaponOfPickup(kind: number): number {
  const weapon = kind - AMMO_BASE;
  return weapon > 0 && weapon < WEAPONS.length ? weapon : -1;
}

export const Phase = {
  WARMUP: 0,
  COUNTDOWN: 1,
  PLAY: 2,
  OVERTIME: 3,
  SCOREBOARD: 4,
  OVER: 5,
} as const;

export const PHASE_TITLES: readonly string[] = [
  "Warm-up",
  "Starting",
  "Playing",
  "Overtime",
  "Scoreboard",
  "Over",
];

/** Bit number in `PlayerView.medals`, and what it is given for. */
export const MEDALS: readonly { title: string; reason: string }[] = [
  { title: "First blood", reason: "the first kill of the match" },
  { title: "Streak", reason: "three kills without dying" },
  { title: "Sharpshooter", reason: "half of the shots hit" },
  { title: "Untouched", reason: "never died" },
];

export const TICKS_PER_SECOND = 60;
export const TILE_UNITS = 1024;
export const TURN = 65_536;
export const DASH_COOLDOWN_TICKS = 90;
export const DOUBLE_TICKS = 900;
export const RESPAWN_TICKS = 120;
export const PLAYER_RADIUS_TILES = 0.42;
export const BLAST_RADIUS_TILES = 2.4;
export const SCATTER_RANGE_TILES = 8;
export const SCATTER_SPREAD_RADIANS = (5461 / TURN) * Math.PI * 2;
export const SCATTER_PELLETS = 8;

export function radians(angle: number): number {
  return (angle / TURN) * Math.PI * 2;
}

/** Seconds as `m:ss`, rounded up, so that 0:00 means that the time is over. */
export function clockText(ticks: number): string {
  const seconds = Math.max(0, Math.ceil(ticks / TICKS_PER_SECOND));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
