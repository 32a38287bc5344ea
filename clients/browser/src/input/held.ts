/**
 * The controls held down, from keys and mouse buttons going down and up, through the person's
 * bindings.
 *
 * Owns: the held bindings and the presses not yet looked at. Must not know the DOM. Invariants: a
 * press shorter than a tick still counts once, and nothing stays held after `releaseAll`.
 */
import { CONTROLS, type Bindings, type Control } from "./controls";

const PRESSES_MAX = 8; // a wheel spun hard while the page hangs asks for no more than this

export class HeldControls {
  private readonly down = new Set<string>();
  private readonly presses = new Map<Control, number>();
  private readonly tapped = new Set<Control>();

  constructor(private readonly bindings: () => Bindings) {}

  /** A key or button went down. Returns whether it is bound to anything. */
  press(binding: string): boolean {
    const controls = this.controlsOf(binding);
    if (!this.down.has(binding)) this.note(controls);
    if (controls.length > 0) this.down.add(binding);
    return controls.length > 0;
  }

  release(binding: string): void {
    this.down.delete(binding);
  }

  /** A turn of the wheel goes down and up at once. */
  tap(binding: string): boolean {
    const controls = this.controlsOf(binding);
    this.note(controls);
    return controls.length > 0;
  }

  /** Let go of every binding that `isGone` names. */
  releaseWhere(isGone: (binding: string) => boolean): void {
    for (const binding of this.down) if (isGone(binding)) this.down.delete(binding);
  }

  get count(): number {
    return this.down.size;
  }

  releaseAll(): void {
    this.down.clear();
    this.presses.clear();
    this.tapped.clear();
  }

  isHeld(control: Control): boolean {
    return this.bindings()[control].some((binding) => this.down.has(binding));
  }

  /** Whether it is held now, or was pressed and released since the last call. */
  sample(control: Control): boolean {
    return this.tapped.delete(control) || this.isHeld(control);
  }

  /** How many times it was pressed since the last call. */
  takePresses(control: Control): number {
    const count = this.presses.get(control) ?? 0;
    this.presses.delete(control);
    return count;
  }

  private note(controls: Control[]): void {
    for (const control of controls) {
      this.tapped.add(control);
      this.presses.set(control, Math.min(PRESSES_MAX, (this.presses.get(control) ?? 0) + 1));
    }
  }

  private controlsOf(binding: string): Control[] {
    const bindings = this.bindings();
    return CONTROLS.filter((control) => bindings[control].includes(binding));
  }
}
