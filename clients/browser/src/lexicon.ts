/**
 * The part of the rules that pictures and sounds need: the generated numbers, and the words for
 * them.
 *
 * Owns: titles, and sizes in tiles. Must not know how anything is drawn. Every number comes from
 * `wire/generated.ts`, so that a change of the tuning changes the rings and clocks of the screen
 * too.
 */
import {
  AMMO_BASE,
  EventKind,
  NOWHERE,
  Phase,
  PICKUPS,
  PickupKind,
  TICKS_PER_SECOND,
  TILE_UNITS,
  TUNING,
  TURN,
  Weapon,
} from "./wire/generated";

export { EventKind, NOWHERE, Phase, TICKS_PER_SECOND, TILE_UNITS, TURN, Weapon };
export const Pickup = PickupKind;

export interface WeaponWords {
  title: string;
  intervalTicks: number; // between two shots, for the ring around the crosshair
}

export const WEAPONS: readonly WeaponWords[] = TUNING.weapons.map(({ name, intervalTicks }) => ({
  title: name.charAt(0).toUpperCase() + name.slice(1),
  intervalTicks,
}));

/** How long a pad stays empty, in ticks: the ring around it fills over this time. */
export const PICKUP_RESPAWN_TICKS: Record<number, number> = Object.fromEntries(
  Object.entries(PICKUPS).map(([kind, pickup]) => [kind, pickup.respawnTicks]),
);

/** The weapon that an ammunition pad feeds, or -1. */
export function weaponOfPickup(kind: number): number {
  const weapon = kind - AMMO_BASE;
  return weapon > 0 && weapon < WEAPONS.length ? weapon : -1;
}

/** A mode by its name on the wire; one that this page does not know is called by that. */
export const MODE_TITLES: Readonly<Record<string, string>> = {
  deathmatch: "Deathmatch",
  duel: "Duel",
  "team-deathmatch": "Team deathmatch",
  "capture-the-flag": "Capture the flag",
  "last-standing": "Last standing",
};

/** By team: 1 and 2; 0 is no team. */
export const SIDE_TITLES: readonly string[] = ["", "Red", "Blue"];

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
  { title: "Streak", reason: "the longest run of kills" },
  { title: "Sharpshooter", reason: "the best aim" },
  { title: "Untouched", reason: "the fewest deaths" },
];

const launcher = TUNING.weapons[Weapon.LAUNCHER];
const scatter = TUNING.weapons[Weapon.SCATTER];

export const DASH_COOLDOWN_TICKS = TUNING.dashCooldownTicks;
export const DOUBLE_TICKS = PICKUPS[PickupKind.DOUBLE].amount;
export const PLAYER_RADIUS_TILES = TUNING.playerRadiusUnits / TILE_UNITS;
export const BLAST_RADIUS_TILES = launcher.blastRadiusUnits / TILE_UNITS;
export const SCATTER_RANGE_TILES = scatter.rangeUnits / TILE_UNITS;
export const SCATTER_SPREAD_RADIANS = radians(scatter.spread);
export const SCATTER_PELLETS = scatter.pellets;

export function radians(angle: number): number {
  return (angle / TURN) * Math.PI * 2;
}

/** Seconds as `m:ss`, rounded up, so that 0:00 means that the time is over. */
export function clockText(ticks: number): string {
  const seconds = Math.max(0, Math.ceil(ticks / TICKS_PER_SECOND));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
