/**
 * The weapon that the player asked for, until the server says that it is in hand.
 *
 * Owns: one wish at a time. Invariant: a wish is repeated with every input until it is granted or
 * times out, so a late message cannot lose it; then it is dropped, so that an empty weapon is not
 * requested for ever.
 */
import { Button } from "../wire/generated";

const WISH_TICKS_MAX = 60;

export class WeaponChoice {
  private wish: number | null = null;
  private askedAtTick = 0;

  ask(weapon: number, tick: number): void {
    this.wish = weapon;
    this.askedAtTick = tick;
  }

  /** Ask for the next weapon up or down with ammunition (−1 is endless), wrapping round. */
  step(by: 1 | -1, current: number, ammo: readonly number[], tick: number): void {
    const from = this.wish ?? current;
    for (let tried = 1; tried < ammo.length; tried += 1) {
      const weapon = (from + by * tried + ammo.length * tried) % ammo.length;
      if (ammo[weapon] !== 0) {
        this.ask(weapon, tick);
        return;
      }
    }
  }

  /**
   * The select bits of the input for `tick`, given the weapon that the server last said is in hand.
   */
  bits(confirmed: number, tick: number): number {
    if (this.wish === null) return 0;
    if (this.wish === confirmed || tick - this.askedAtTick > WISH_TICKS_MAX) {
      this.wish = null;
      return 0;
    }
    return (this.wish + 1) << Button.SELECT_SHIFT;
  }

  clear(): void {
    this.wish = null;
  }
}
