/**
 * The player's input for one tick, from keys and mouse, a gamepad or a touch screen.
 *
 * Owns: merging the devices, the aim that stays when no device aims, and the presses that are not
 * for the game but for the page. Must not know the DOM (`pointers.ts` does) or the network.
 * Invariant: while `areFree` is false the input is neutral, and nothing pressed meanwhile takes
 * effect later.
 */
import { Button } from "../wire/generated";
import type { TickInput } from "../netcode/inputHistory";
import { aimOf } from "../rules/trig";
import { WEAPON_CONTROLS, type Bindings, type Control } from "./controls";
import { GamepadControls, type PadReading } from "./gamepad";
import { HeldControls } from "./held";
import { TouchControls } from "./touch";
import { WeaponChoice } from "./weaponChoice";

/** The state that choosing a weapon and aiming need. */
export interface AimContext {
  tick: number;
  weapon: number; // in hand, as predicted
  confirmedWeapon: number; // in hand, as the server last said
  ammo: readonly number[]; // −1 is endless
  /** From the player's body to the mouse, in the world; null when there is no mouse over it. */
  mouse: { dx: number; dy: number } | null;
}

export type Device = "mouse" | "touch" | "gamepad";

const MOVES = [
  ["up", Button.UP],
  ["down", Button.DOWN],
  ["left", Button.LEFT],
  ["right", Button.RIGHT],
] as const;
const PRESSES_MAX = 16;

export class InputMapper {
  readonly held: HeldControls;
  readonly touch: TouchControls;
  readonly pad: GamepadControls;
  device: Device = "mouse"; // the one that aimed last
  areFree = true;
  private readonly weapons = new WeaponChoice();
  private presses: Control[] = []; // from gamepad and touch; keys keep their own
  private aim = 0;

  constructor(bindings: () => Bindings) {
    this.held = new HeldControls(bindings);
    const pressed = (control: Control): void => {
      if (this.presses.length < PRESSES_MAX) this.presses.push(control);
    };
    this.touch = new TouchControls(pressed);
    this.pad = new GamepadControls(pressed);
  }

  readPad(reading: PadReading | null): void {
    this.pad.read(reading);
    if (this.pad.aim !== null || this.pad.moveButtons !== 0) this.device = "gamepad";
  }

  /** The input for one tick. */
  sample(situation: AimContext): TickInput {
    this.chooseWeapon(situation);
    if (!this.areFree) {
      this.rest();
      return { buttons: 0, aim: this.aim };
    }
    this.aim = this.chooseAim(situation);
    let buttons = this.touch.moveButtons | this.pad.moveButtons;
    for (const [control, button] of MOVES) if (this.held.sample(control)) buttons |= button;
    const fires = this.held.sample("fire") || this.touch.isFiring || this.pad.isFiring;
    const dashes = this.held.sample("dash") || this.touch.isDashing || this.pad.isDashing;
    if (fires) buttons |= Button.FIRE;
    if (dashes) buttons |= Button.DASH;
    return {
      buttons: buttons | this.weapons.bits(situation.confirmedWeapon, situation.tick),
      aim: this.aim,
    };
  }

  /** How often a control of the page (not of the game) was pressed since the last call. */
  takePresses(control: Control): number {
    const others = this.presses.filter((one) => one !== control);
    const count = this.presses.length - others.length;
    this.presses = others;
    return count + this.held.takePresses(control);
  }

  get isScoreboardHeld(): boolean {
    return this.held.isHeld("scoreboard") || this.pad.isScoreboardHeld;
  }

  /** How many keys, buttons and fingers are down. */
  get heldCount(): number {
    return this.held.count + this.touch.fingerCount;
  }

  /** Let go of everything: the page lost the keyboard, or another life begins. */
  rest(): void {
    this.held.releaseAll();
    this.touch.releaseAll();
    this.presses = [];
    this.weapons.clear();
  }

  private chooseAim({ mouse }: AimContext): number {
    if (this.pad.aim !== null) return this.pad.aim;
    if (this.touch.aim !== null) return this.touch.aim;
    if (this.device !== "mouse" || mouse === null) return this.aim;
    return mouse.dx === 0 && mouse.dy === 0 ? this.aim : aimOf(mouse.dx, mouse.dy);
  }

  private chooseWeapon({ tick, weapon, ammo }: AimContext): void {
    WEAPON_CONTROLS.forEach((control, number) => {
      if (this.takePresses(control) > 0) this.weapons.ask(number, tick);
    });
    for (let count = this.takePresses("nextWeapon"); count > 0; count -= 1) {
      this.weapons.step(1, weapon, ammo, tick);
    }
    for (let count = this.takePresses("previousWeapon"); count > 0; count -= 1) {
      this.weapons.step(-1, weapon, ammo, tick);
    }
  }
}
