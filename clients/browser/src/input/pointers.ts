/**
 * From the page's events to `InputMapper`: keyboard, mouse, wheel and fingers.
 *
 * Owns: the listeners. Must not know: what a control does. Invariants: what happens in a field, a
 * button or a dialog stays there; whatever the system takes away silently (a key, a button, a
 * finger, the focus) is released at the next sign of it.
 */
import { isButtonGone, isKeyGone } from "./evidence";
import type { InputMapper } from "./inputMapper";

/** The position of the mouse, in CSS pixels of the page. */
export interface Pointer {
  x: number;
  y: number;
}

const OWN_CONTROLS = "button, input, select, textarea, a, dialog, [role=dialog], [data-ui]";
// After each of these, releases go elsewhere: to another window, a menu, an input method.
const GONE_WINDOW = ["blur", "pagehide", "beforeprint", "compositionstart"] as const;
const GONE_DOCUMENT = ["visibilitychange", "freeze", "fullscreenchange", "pointerlockchange"];

export class PagePointers {
  mouse: Pointer | null = null;
  private readonly ended = new AbortController();

  /**
   * `isPlaying` says whether there is a match to control; otherwise the page keeps its keys and
   * gestures.
   */
  constructor(
    private readonly hands: InputMapper,
    private readonly isPlaying: () => boolean,
  ) {
    const rest = (): void => {
      hands.rest();
    };
    for (const sign of GONE_WINDOW) this.on(sign, rest);
    for (const sign of GONE_DOCUMENT) {
      document.addEventListener(sign, rest, { signal: this.ended.signal });
    }
    this.on("gamepaddisconnected", () => {
      hands.readPad(null);
    });
    this.listenToKeys();
    this.listenToMouse();
    this.listenToFingers();
    this.on("resize", () => {
      this.layout();
    });
    this.layout();
  }

  destroy(): void {
    this.ended.abort();
  }

  private on<Kind extends keyof WindowEventMap>(
    kind: Kind,
    hear: (event: WindowEventMap[Kind]) => void,
  ): void {
    window.addEventListener(kind, hear, { signal: this.ended.signal, passive: false });
  }

  private listenToKeys(): void {
    this.on("keydown", (event) => {
      this.weighKeys(event);
      this.keyDown(event);
    });
    this.on("keyup", (event) => {
      this.hands.held.release(event.code);
      this.weighKeys(event);
    });
  }

  private listenToMouse(): void {
    this.on("pointerdown", (event) => {
      this.noteDevice(event);
      if (event.pointerType === "touch") this.fingerDown(event);
    });
    this.on("pointermove", (event) => {
      this.pointerMove(event);
    });
    // A second mouse button, pressed while the first is held, is reported only by these.
    this.on("mousedown", (event) => {
      this.weighMouse(event);
      this.mouseDown(event);
    });
    this.on("mouseup", (event) => {
      this.hands.held.release(mouseBinding(event));
      this.weighMouse(event);
    });
    this.on("wheel", (event) => {
      this.wheel(event);
    });
    this.on("contextmenu", (event) => {
      if (this.isForGame(event)) event.preventDefault();
      else this.hands.rest(); // it takes the keyboard and the mouse
    });
    this.on("dragstart", (event) => {
      if (this.isForGame(event)) event.preventDefault();
      else this.hands.rest();
    });
  }

  private listenToFingers(): void {
    const up = (event: PointerEvent): void => {
      if (event.pointerType === "touch") this.hands.touch.up(event.pointerId);
    };
    this.on("pointerup", up);
    this.on("lostpointercapture", up);
    this.on("pointercancel", (event) => {
      up(event);
      // A mouse whose drag the browser took over has no buttons down here any more.
      if (event.pointerType !== "touch") this.releaseMouse(0);
    });
    const count = ({ touches }: TouchEvent): void => {
      if (touches.length === 0) this.hands.touch.releaseAll();
    };
    this.on("touchend", count);
    this.on("touchcancel", count);
  }

  private layout(): void {
    this.hands.touch.layout(window.innerWidth, window.innerHeight);
  }

  private isForGame(event: Event): boolean {
    if (!this.isPlaying()) return false;
    return !(event.target instanceof Element && event.target.closest(OWN_CONTROLS) !== null);
  }

  private weighKeys(event: KeyboardEvent | MouseEvent): void {
    this.hands.held.releaseWhere((binding) => isKeyGone(binding, event));
  }

  private weighMouse(event: MouseEvent): void {
    this.weighKeys(event);
    this.releaseMouse(event.buttons);
  }

  private releaseMouse(buttons: number): void {
    this.hands.held.releaseWhere((binding) => isButtonGone(binding, buttons));
  }

  private keyDown(event: KeyboardEvent): void {
    // A chord with Ctrl or Cmd is the browser's, and a composition the input method's.
    if (!this.isForGame(event) || event.ctrlKey || event.metaKey || event.isComposing) return;
    if (this.hands.held.press(event.code)) event.preventDefault();
  }

  private mouseDown(event: MouseEvent): void {
    if (!this.isForGame(event) || this.hands.device === "touch") return;
    if (this.hands.held.press(mouseBinding(event))) event.preventDefault();
  }

  private fingerDown(event: PointerEvent): void {
    if (!this.isForGame(event)) return;
    this.hands.touch.down(event.pointerId, event.clientX, event.clientY);
    event.preventDefault();
  }

  private pointerMove(event: PointerEvent): void {
    if (event.pointerType === "touch") {
      this.hands.touch.moveTo(event.pointerId, event.clientX, event.clientY);
      return;
    }
    this.noteDevice(event);
    this.weighMouse(event);
    this.mouse = { x: event.clientX, y: event.clientY };
  }

  private wheel(event: WheelEvent): void {
    if (!this.isForGame(event) || event.deltaY === 0) return;
    if (this.hands.held.tap(event.deltaY > 0 ? "WheelDown" : "WheelUp")) event.preventDefault();
  }

  private noteDevice(event: PointerEvent): void {
    this.hands.device = event.pointerType === "touch" ? "touch" : "mouse";
  }
}

/** The binding of a mouse button: `Mouse0` is the left one. */
function mouseBinding(event: MouseEvent): string {
  return `Mouse${event.button.toString()}`;
}
