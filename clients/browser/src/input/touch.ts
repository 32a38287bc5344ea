/**
 * Two virtual sticks and round buttons for fingers: the left one moves, the right one aims and fires.
 *
 * Owns: which finger holds what, and the geometry that the HUD draws (`TouchState`, in CSS pixels of the page).
 * Must not know the DOM: `pointers.ts` feeds it. Invariant: a finger holds at most one thing, from down to up.
 */
import type { Control } from "./controls";

export interface TouchStick {
  active: boolean;
  baseX: number; // where the finger came down; at rest, where the stick waits
  baseY: number;
  knobX: number; // where the knob is now; never farther from the base than `radius`
  knobY: number;
  radius: number;
  firing: boolean; // the aim stick is pushed far enough to shoot; always false for the move stick
}

export interface TouchButton {
  control: Control;
  x: number;
  y: number;
  radius: number;
  down: boolean;
}

/** Everything the HUD needs to draw the controls of a touch screen. */
export interface TouchState {
  move: TouchStick;
  aim: TouchStick;
  buttons: TouchButton[];
}
