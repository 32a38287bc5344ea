/**
 * Keys, mouse, wheel and fingers while a replay is on the screen.
 *
 * Owns: the listeners. Must not know: what a wish does. Invariant: what happens in a field, a button
 * or a dialog stays there.
 */
import type { Size } from "./freeCamera";
import type { ReplayController } from "./replayController";
import { wishOfKey } from "./replayKeys";

const FIELDS = "input, select, textarea, dialog, [role=dialog]";
const WHEEL_PER_DOUBLING_PX = 400;

export class ReplayPointers {
  private readonly fingers = new Map<number, { x: number; y: number }>();

  constructor(
    private readonly controller: ReplayController,
    stage: HTMLElement,
  ) {
    window.addEventListener("keydown", (event) => this.keyDown(event));
    stage.addEventListener("pointerdown", (event) => {
      if (!controller.isShown) return;
      this.fingers.set(event.pointerId, at(event));
      stage.setPointerCapture(event.pointerId);
    });
    stage.addEventListener("pointermove", (event) => this.move(event));
    for (const end of ["pointerup", "pointercancel"] as const) {
      stage.addEventListener(end, (event) => this.fingers.delete(event.pointerId));
    }
    stage.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
  }

  private keyDown(event: KeyboardEvent): void {
    if (!this.controller.isOpen) return;
    if (event.target instanceof Element && event.target.closest(FIELDS) !== null) return;
    const wish = wishOfKey(event.code, event.ctrlKey || event.altKey || event.metaKey);
    if (wish === null || (event.repeat && wish.kind !== "skip")) return;
    event.preventDefault();
    this.controller.wish(wish, screen());
  }

  private move(event: PointerEvent): void {
    const before = this.fingers.get(event.pointerId);
    if (before === undefined || !this.controller.isShown) return;
    const now = at(event);
    const other = [...this.fingers].find(([id]) => id !== event.pointerId)?.[1];
    this.fingers.set(event.pointerId, now);
    if (other === undefined) {
      this.controller.drag(now.x - before.x, now.y - before.y, screen());
      return;
    }
    const was = Math.hypot(before.x - other.x, before.y - other.y);
    const is = Math.hypot(now.x - other.x, now.y - other.y);
    const middle = fromMiddle({ x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 });
    if (was > 0) this.controller.zoom(is / was, middle, screen());
    this.controller.drag((now.x - before.x) / 2, (now.y - before.y) / 2, screen());
  }

  private wheel(event: WheelEvent): void {
    if (!this.controller.isShown) return;
    event.preventDefault();
    const factor = 2 ** (-event.deltaY / WHEEL_PER_DOUBLING_PX);
    this.controller.zoom(factor, fromMiddle(at(event)), screen());
  }
}

function at(event: MouseEvent): { x: number; y: number } {
  return { x: event.clientX, y: event.clientY };
}

function fromMiddle(place: { x: number; y: number }): { x: number; y: number } {
  return { x: place.x - window.innerWidth / 2, y: place.y - window.innerHeight / 2 };
}

function screen(): Size {
  return { width: window.innerWidth, height: window.innerHeight };
}
