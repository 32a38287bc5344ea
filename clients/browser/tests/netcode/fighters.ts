/** A player for tests: at rest, with a blaster, at (3,000, 6,700) of the hall. */
import type { Fighter } from "../../src/rules/weapons";
import { TUNING } from "../../src/wire/generated";

export function fighter(part: Partial<Fighter> = {}): Fighter {
  return {
    ...{ x: 3_000, y: 6_700, vx: 0, vy: 0, dashVx: 0, dashVy: 0 },
    ...{ dashUntilTick: 0, dashReadyTick: 0 },
    ...{ buttons: 0, aim: 0, alive: true, weapon: 0, ammo: TUNING.weapons.map(() => 0) },
    ...{ fireReadyTick: 0, protectedUntilTick: 0, doubleUntilTick: 0, respawnTick: 0, ...part },
  };
}
