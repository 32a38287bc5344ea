/**
 * Two virtual sticks and round buttons for fingers: the left one moves, the right one aims and
 * fires.
 *
 * Owns: which finger holds what, and the geometry that the HUD draws (`TouchState`, in CSS pixels
 * of the page). Must not know the DOM: `pointers.ts` feeds it. Invariant: a finger holds at most
 * one thing, from down to up.
 */
import { aimOf } from "../rules/trig";
import { buttonsOfStick } from "./directions";
import { WEAPON_CONTROLS, type Control } from "./controls";

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

type Held = { kind: "move" } | { kind: "aim" } | { kind: "button"; button: TouchButton };

const DEAD_ZONE = 0.2; // of the radius
const FIRE_ZONE = 0.6;

export class TouchControls {
  readonly state: TouchState;
  private readonly fingers = new Map<number, Held>();
  private widthPx = 0;

  /** `pressed` is called with every button that goes down. */
  constructor(private readonly pressed: (control: Control) => void) {
    this.state = { move: restingStick(), aim: restingStick(), buttons: [] };
  }

  /** Put everything where thumbs are, for a page of this size. */
  layout(widthPx: number, heightPx: number): void {
    this.releaseAll();
    this.widthPx = widthPx;
    const radius = Math.max(44, Math.min(72, Math.min(widthPx, heightPx) * 0.15));
    const bottom = heightPx - radius * 1.5;
    placeStick(this.state.move, radius * 1.6, bottom, radius);
    placeStick(this.state.aim, widthPx - radius * 1.6, bottom, radius);
    const small = radius * 0.42;
    const gap = Math.min(small * 2.3, (widthPx * 0.9) / WEAPON_CONTROLS.length);
    const firstX = widthPx / 2 - gap * 2;
    const isNarrow = widthPx < radius * 6.4 + gap * 5; // the weapons would lie between the thumbs
    const weaponsY = isNarrow ? bottom - radius * 2.9 : heightPx - small * 1.6;
    this.state.buttons = [
      button("dash", widthPx - radius * 3.1, bottom - radius * 0.9, radius * 0.55),
      ...WEAPON_CONTROLS.map((control, index) =>
        button(control, firstX + gap * index, weaponsY, Math.min(small, gap * 0.46)),
      ),
    ];
  }

  down(finger: number, x: number, y: number): void {
    if (this.fingers.has(finger)) return;
    const hit = this.state.buttons.find(
      (one) => Math.hypot(x - one.x, y - one.y) <= one.radius * 1.2,
    );
    if (hit !== undefined) {
      hit.down = true;
      this.fingers.set(finger, { kind: "button", button: hit });
      this.pressed(hit.control);
      return;
    }
    const kind = x < this.widthPx / 2 ? "move" : "aim";
    const stick = this.state[kind];
    if (stick.active) return; // another finger has it
    this.fingers.set(finger, { kind });
    Object.assign(stick, { active: true, baseX: x, baseY: y, knobX: x, knobY: y });
  }

  moveTo(finger: number, x: number, y: number): void {
    const held = this.fingers.get(finger);
    if (held === undefined || held.kind === "button") return;
    const stick = this.state[held.kind];
    const dx = x - stick.baseX;
    const dy = y - stick.baseY;
    const shrink = Math.min(1, stick.radius / Math.max(1, Math.hypot(dx, dy)));
    stick.knobX = stick.baseX + dx * shrink;
    stick.knobY = stick.baseY + dy * shrink;
    stick.firing = held.kind === "aim" && deflection(stick) > FIRE_ZONE;
  }

  up(finger: number): void {
    const held = this.fingers.get(finger);
    if (held === undefined) return;
    this.fingers.delete(finger);
    if (held.kind === "button") held.button.down = false;
    else rest(this.state[held.kind]);
  }

  releaseAll(): void {
    for (const finger of [...this.fingers.keys()]) this.up(finger);
  }

  get fingerCount(): number {
    return this.fingers.size;
  }

  get moveButtons(): number {
    const { knobX, baseX, knobY, baseY, radius } = this.state.move;
    return buttonsOfStick((knobX - baseX) / radius, (knobY - baseY) / radius, DEAD_ZONE);
  }

  /** The direction of the right thumb; null when it is not down. */
  get aim(): number | null {
    const stick = this.state.aim;
    if (!stick.active || deflection(stick) < DEAD_ZONE) return null;
    return aimOf(stick.knobX - stick.baseX, stick.knobY - stick.baseY);
  }

  get isFiring(): boolean {
    return this.state.aim.firing;
  }

  get isDashing(): boolean {
    return this.state.buttons.some((one) => one.control === "dash" && one.down);
  }
}

function restingStick(): TouchStick {
  return { active: false, baseX: 0, baseY: 0, knobX: 0, knobY: 0, radius: 1, firing: false };
}

function placeStick(stick: TouchStick, x: number, y: number, radius: number): void {
  Object.assign(stick, { baseX: x, baseY: y, knobX: x, knobY: y, radius, firing: false });
}

/** A stick that is let go stays where it was held: the thumb will come back there. */
function rest(stick: TouchStick): void {
  Object.assign(stick, { active: false, knobX: stick.baseX, knobY: stick.baseY, firing: false });
}

function deflection(stick: TouchStick): number {
  return Math.hypot(stick.knobX - stick.baseX, stick.knobY - stick.baseY) / stick.radius;
}

function button(control: Control, x: number, y: number, radius: number): TouchButton {
  return { control, x, y, radius, down: false };
}
