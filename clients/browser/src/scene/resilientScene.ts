/**
 * A scene that survives a lost WebGL context: when the browser takes the context away, another
 * scene is made as soon as there is a context again.
 *
 * Owns: the current scene, and when to try for the next one. Must not know Pixi or the page; it is
 * given a function that makes a scene. Invariants: at most one scene is drawn on; whatever fails,
 * nothing is thrown; a lost scene is retried without end, one that never was only on request.
 */
import type { Frame } from "../model";
import type { Scheduler } from "../net/scheduler";
import type { ScenePart } from "../stage";

/** A scene that is rebuilt when its graphics are lost; `watch` is called then, and when they return. */
export interface DisposableScene extends ScenePart {
  watch(lost: () => void, restored: () => void): void;
  destroy(): void;
}

/**
 * `missing`: this browser has none; `broken`: it has, and a part of the page did not come;
 * `returning`: lost a moment ago; `gone`: lost, and not back yet.
 */
export type GraphicsState = "there" | "missing" | "broken" | "returning" | "gone";

const RETRIES_MS = [100, 500, 1_500]; // then it is gone, and tried as follows
const RETRY_MS = 5_000;

export class ResilientScene implements ScenePart {
  state: GraphicsState = "returning";
  private scene: DisposableScene | null = null;
  private dying: DisposableScene | null = null; // its context may be restored, which is a sign
  private isMaking = false;
  private failures = 0;
  private cancelRetry: (() => void) | null = null;

  constructor(
    private readonly make: () => Promise<DisposableScene>,
    private readonly hasWebGl: () => boolean,
    private readonly scheduler: Scheduler,
    private readonly changed: (state: GraphicsState) => void,
  ) {}

  /** Make the first scene; whether there is one is in `state`. */
  begin(): Promise<void> {
    return this.tryNow();
  }

  draw(frame: Frame): void {
    this.scene?.draw(frame);
  }

  worldAt(clientX: number, clientY: number): { x: number; y: number } | null {
    return this.scene?.worldAt(clientX, clientY) ?? null;
  }

  /** Try at once: somebody asks for it, or there is a sign that it will work. */
  async tryNow(): Promise<void> {
    if (this.isMaking || this.scene !== null) return;
    this.cancelRetry?.();
    this.isMaking = true;
    const made = await this.make().catch(() => null);
    this.isMaking = false;
    if (made === null) this.fail();
    else this.take(made);
  }

  private take(made: DisposableScene): void {
    this.dying?.destroy();
    this.dying = null;
    this.failures = 0;
    this.scene = made;
    made.watch(
      () => {
        this.lose(made);
      },
      () => {
        void this.tryNow();
      },
    );
    this.become("there");
  }

  private lose(lost: DisposableScene): void {
    if (lost !== this.scene) return;
    this.scene = null;
    this.dying = lost;
    this.become("returning");
    this.retryLater();
  }

  private fail(): void {
    this.failures += 1;
    if (this.dying === null) {
      this.become(this.hasWebGl() ? "broken" : "missing"); // no time passing will change that
      return;
    }
    if (this.failures >= RETRIES_MS.length) this.become("gone");
    this.retryLater();
  }

  private retryLater(): void {
    const waitMs = RETRIES_MS[this.failures] ?? RETRY_MS;
    this.cancelRetry = this.scheduler.after(waitMs, () => {
      void this.tryNow();
    });
  }

  private become(state: GraphicsState): void {
    if (state === this.state) return;
    this.state = state;
    this.changed(state);
  }
}

/** Whether this browser draws with WebGL at all. */
export function hasWebGl(): boolean {
  try {
    const canvas = document.createElement("canvas");
    return canvas.getContext("webgl2") !== null || canvas.getContext("webgl") !== null;
  } catch {
    return false;
  }
}
