/**
 * The predictor: the server's own rules, run for the local player alone.
 *
 * Owns: advancing a player by a tick. Must not know: time, the network. Invariant: the result equals
 * the server's, bit for bit, while nothing but this player's own inputs acts on them; golden vectors
 * decide.
 */
import { move, type Ground } from "../rules/movement";
import { pullTrigger, type Fighter, type RawEvent } from "../rules/weapons";
import { EventKind, TUNING } from "../wire/generated";
import type { TickInput } from "./inputHistory";

export class Predictor {
  constructor(
    private readonly ground: Ground,
    private readonly slot: number,
  ) {}

  /** Advance `fighter` to `tick`; returns the events to show at once. */
  simulate(fighter: Fighter, tick: number, input: TickInput, phase: number): RawEvent[] {
    fighter.buttons = input.buttons;
    fighter.aim = input.aim;
    if (!fighter.alive) return [];
    move(fighter, this.ground, tick);
    const dashes = fighter.dashUntilTick === tick + TUNING.dashTicks;
    const events: RawEvent[] = dashes ? [[EventKind.DASH, this.slot]] : [];
    const shot = pullTrigger(fighter, this.ground, this.slot, tick, phase);
    if (shot !== null) events.push(shot);
    return events;
  }
}

/** Copy a player and their ammunition. */
export function copyOf(fighter: Readonly<Fighter>): Fighter {
  return { ...fighter, ammo: fighter.ammo.slice() };
}

/** Whether both are in the same state; buttons and aim are inputs, and are not compared. */
export function isSameFighter(one: Fighter, other: Fighter): boolean {
  return (
    one.x === other.x &&
    one.y === other.y &&
    one.vx === other.vx &&
    one.vy === other.vy &&
    one.dashVx === other.dashVx &&
    one.dashVy === other.dashVy &&
    one.dashUntilTick === other.dashUntilTick &&
    one.dashReadyTick === other.dashReadyTick &&
    one.alive === other.alive &&
    one.weapon === other.weapon &&
    one.fireReadyTick === other.fireReadyTick &&
    one.protectedUntilTick === other.protectedUntilTick &&
    one.doubleUntilTick === other.doubleUntilTick &&
    one.respawnTick === other.respawnTick &&
    one.ammo.every((count, weapon) => weapon === 0 || count === other.ammo[weapon])
  );
}
