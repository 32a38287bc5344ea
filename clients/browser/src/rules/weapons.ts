/**
 * The local player's trigger, as game/combat.py pulls it: what is known before the server answers.
 *
 * Owns: the weapon in hand, ammunition and the time between shots. Must not know: whom a shot hits;
 * that is the server's alone. Invariant: equal to the server's while nothing but this player's own
 * inputs acts on them.
 */
import { Button, EventKind, Phase, TUNING, Weapon } from "../wire/generated";
import { trace } from "./collision";
import { floorDivide } from "./integers";
import type { Body, Ground } from "./movement";
import { cosine, ONE, sine } from "./trig";

/** The local player's state that prediction carries from tick to tick. */
export interface Fighter extends Body {
  alive: boolean;
  weapon: number;
  ammo: number[]; // by weapon; the blaster's is not counted
  fireReadyTick: number;
  protectedUntilTick: number;
  doubleUntilTick: number;
  respawnTick: number;
}

/** An event of `EVENT_FIELDS`, as it would come from the server: [kind, field, …]. */
export type RawEvent = readonly number[];

const SHOOTING_PHASES: ReadonlySet<number> = new Set([Phase.WARMUP, Phase.PLAY, Phase.OVERTIME]);

/**
 * Choose a weapon and shoot, if the input says so and it is time. Returns the events to show at
 * once.
 */
export function pullTrigger(
  fighter: Fighter,
  ground: Ground,
  slot: number,
  tick: number,
  phase: number,
): RawEvent | null {
  if (!SHOOTING_PHASES.has(phase) || !fighter.alive) return null;
  select(fighter);
  if ((fighter.buttons & Button.FIRE) === 0 || tick < fighter.fireReadyTick) return null;
  const number = fighter.weapon;
  const weapon = weaponTuning(number);
  if (weapon.ammoMax > 0) {
    const left = fighter.ammo[number] ?? 0;
    if (left === 0) {
      fighter.weapon = Weapon.BLASTER;
      fighter.fireReadyTick = tick + weaponTuning(Weapon.BLASTER).intervalTicks;
      return [EventKind.EMPTY, slot];
    }
    fighter.ammo[number] = left - 1;
  }
  fighter.fireReadyTick = tick + weapon.intervalTicks;
  fighter.protectedUntilTick = 0;
  if (weapon.speed > 0) return [EventKind.FIRE, slot, number];
  if (number !== Weapon.RAIL) return [EventKind.SCATTER, slot, fighter.x, fighter.y, fighter.aim];
  const end = railEnd(fighter, ground, weapon.rangeUnits);
  return [EventKind.RAIL, slot, fighter.x, fighter.y, end.x, end.y];
}

/**
 * The speed of a projectile of `weapon` along `aim`, in units per tick, rounded as the server
 * rounds.
 */
export function shotVelocity(weapon: number, aim: number): { vx: number; vy: number } {
  const { speed } = weaponTuning(weapon);
  return {
    vx: floorDivide(cosine(aim) * speed + ONE / 2, ONE),
    vy: floorDivide(sine(aim) * speed + ONE / 2, ONE),
  };
}

function select(fighter: Fighter): void {
  const wish = fighter.buttons >> Button.SELECT_SHIFT;
  if (wish < 1 || wish > Button.SELECT_MAX) return;
  const weapon = wish - 1;
  if (weaponTuning(weapon).ammoMax === 0 || (fighter.ammo[weapon] ?? 0) > 0)
    fighter.weapon = weapon;
}

function railEnd(fighter: Fighter, ground: Ground, rangeUnits: number): { x: number; y: number } {
  const x2 = fighter.x + floorDivide(cosine(fighter.aim) * rangeUnits, ONE);
  const y2 = fighter.y + floorDivide(sine(fighter.aim) * rangeUnits, ONE);
  return trace(ground, fighter.x, fighter.y, x2, y2);
}

function weaponTuning(weapon: number): (typeof TUNING.weapons)[number] {
  return TUNING.weapons[weapon] ?? TUNING.weapons[Weapon.BLASTER];
}
