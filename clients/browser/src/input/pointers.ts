/**
 * From the page's events to `Hands`: keyboard, mouse, wheel and fingers.
 *
 * Owns: the listeners. Must not know: what a control does. Invariants: what happens in a field, a
 * button or a dialog stays there; a page that loses the keyboard lets go of every key.
 */
import type { Hands } from "./hands";

/** Where the mouse is, in CSS pixels of the page. */
export interface Pointer {
  x: number;
  y: number;
}

const OWN_CONTROLS = "button, input, select, textarea, a, dialog, [role=dialog], [data-ui]";

export class PagePointers {
  mouse: Pointer | null = null;
  private readonly ended = new AbortController();

  /**
   * `isPlaying` says whether there is a match to control; otherwise the page keeps its keys and
   * gestures.
   */
  constructor(
    private readonly hands: Hands,
    private readonly isPlaying: () => boolean,
  ) {
    const { signal } = this.ended;
    window.addEventListener(
      "keydown",
      (event) => {
        this.keyDown(event);
      },
      { signal },
    );
    window.addEventListener(
      "keyup",
      (event) => {
        hands.held.release(event.code);
      },
      { signal },
    );
    window.addEventListener(
      "blur",
      () => {
        hands.rest();
      },
      { signal },
    );
    window.addEventListener(
      "pointerdown",
      (event) => {
        this.pointerDown(event);
      },
      { signal },
    );
    window.addEventListener(
      "pointermove",
      (event) => {
        this.pointerMove(event);
      },
      { signal },
    );
    window.addEventListener(
      "pointerup",
      (event) => {
        this.pointerUp(event);
      },
      { signal },
    );
    window.addEventListener(
      "pointercancel",
      (event) => {
        this.pointerUp(event);
      },
      { signal },
    );
    // A second mouse button held with the first tells of itself by these only.
    window.addEventListener(
      "mousedown",
      (event) => {
        this.mouseDown(event);
      },
      { signal },
    );
    window.addEventListener(
      "mouseup",
      (event) => {
        hands.held.release(mouseBinding(event));
      },
      { signal },
    );
    window.addEventListener(
      "wheel",
      (event) => {
        this.wheel(event);
      },
      { signal, passive: false },
    );
    window.addEventListener(
      "contextmenu",
      (event) => {
        this.contextMenu(event);
      },
      { signal },
    );
    window.addEventListener(
      "resize",
      () => {
        this.layout();
      },
      { signal },
    );
    this.layout();
  }

  destroy(): void {
    this.ended.abort();
  }

  private layout(): void {
    this.hands.touch.layout(window.innerWidth, window.innerHeight);
  }

  private isForGame(event: Event): boolean {
    if (!this.isPlaying()) return false;
    return !(event.target instanceof Element && event.target.closest(OWN_CONTROLS) !== null);
  }

  private keyDown(event: KeyboardEvent): void {
    // A chord with Ctrl or Cmd is the browser's.
    if (!this.isForGame(event) || event.ctrlKey || event.metaKey) return;
    if (this.hands.held.press(event.code)) event.preventDefault();
  }

  private mouseDown(event: MouseEvent): void {
    if (!this.isForGame(event) || this.hands.device === "touch") return;
    if (this.hands.held.press(mouseBinding(event))) event.preventDefault();
  }

  private pointerDown(event: PointerEvent): void {
    this.noteDevice(event);
    if (event.pointerType === "touch" && this.isForGame(event)) {
      this.hands.touch.down(event.pointerId, event.clientX, event.clientY);
      event.preventDefault();
    }
  }

  private pointerMove(event: PointerEvent): void {
    if (event.pointerType === "touch") {
      this.hands.touch.moveTo(event.pointerId, event.clientX, event.clientY);
    } else {
      this.noteDevice(event);
      this.mouse = { x: event.clientX, y: event.clientY };
    }
  }

  private pointerUp(event: PointerEvent): void {
    if (event.pointerType === "touch") this.hands.touch.up(event.pointerId);
  }

  private wheel(event: WheelEvent): void {
    if (!this.isForGame(event) || event.deltaY === 0) return;
    if (this.hands.held.tap(event.deltaY > 0 ? "WheelDown" : "WheelUp")) event.preventDefault();
  }

  private contextMenu(event: Event): void {
    if (this.isForGame(event)) event.preventDefault();
  }

  private noteDevice(event: PointerEvent): void {
    this.hands.device = event.pointerType === "touch" ? "touch" : "mouse";
  }
}

/** The binding of a mouse button: `Mouse0` is the left one. */
function mouseBinding(event: MouseEvent): string {
  return `Mouse${event.button.toString()}`;
}
