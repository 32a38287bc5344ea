/**
 * A gamepad in the browser's "standard" layout: left stick moves, right stick aims, triggers fire
 * and dash.
 *
 * Owns: reading one pad, and the edges of its buttons. Invariant: an untouched pad has no effect,
 * so that keyboard and mouse stay in charge.
 */
import { buttonsOfStick } from "./directions";
import { aimOf } from "../rules/trig";
import type { Control } from "./controls";

/** The part of the browser's `Gamepad` that is read here. */
export interface PadReading {
  axes: readonly number[];
  buttons: readonly { pressed: boolean; value: number }[];
}

const DEAD_ZONE = 0.28;
const TRIGGER_AT = 0.35;
// Numbers of the W3C standard gamepad.
const FIRE_BUTTONS = [7];
const DASH_BUTTONS = [6, 0];
const PRESS_BUTTONS: readonly (readonly [number, Control])[] = [
  [4, "previousWeapon"],
  [5, "nextWeapon"],
  [9, "menu"],
];
const SCOREBOARD_BUTTON = 8;

export class GamepadControls {
  moveButtons = 0;
  aim: number | null = null;
  isFiring = false;
  isDashing = false;
  isScoreboardHeld = false;
  private readonly downBefore = new Set<number>();

  /** `pressed` is called with every button that goes down. */
  constructor(private readonly pressed: (control: Control) => void) {}

  /** Read the pad as it is now; null: there is none. */
  read(pad: PadReading | null): void {
    const axis = (index: number): number => pad?.axes[index] ?? 0;
    this.moveButtons = buttonsOfStick(axis(0), axis(1), DEAD_ZONE);
    this.aim = Math.hypot(axis(2), axis(3)) > DEAD_ZONE ? aimOf(axis(2), axis(3)) : null;
    this.isFiring = FIRE_BUTTONS.some((index) => isDown(pad, index));
    this.isDashing = DASH_BUTTONS.some((index) => isDown(pad, index));
    this.isScoreboardHeld = isDown(pad, SCOREBOARD_BUTTON);
    for (const [index, control] of PRESS_BUTTONS) {
      const down = isDown(pad, index);
      if (down && !this.downBefore.has(index)) this.pressed(control);
      if (down) this.downBefore.add(index);
      else this.downBefore.delete(index);
    }
  }
}

/** The first pad that is connected and in the standard layout. */
export function firstPad(): PadReading | null {
  const pads = "getGamepads" in navigator ? navigator.getGamepads() : [];
  return pads.find((pad) => pad !== null && pad.connected && pad.mapping === "standard") ?? null;
}

function isDown(pad: PadReading | null, index: number): boolean {
  const button = pad?.buttons[index];
  return button !== undefined && (button.pressed || button.value > TRIGGER_AT);
}
