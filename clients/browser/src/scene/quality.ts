/**
 * Fewer pixels for a machine that cannot keep up, more again never: one step down at a time, until frames are on time.
 *
 * Owns: the render resolution (device pixels to a CSS pixel). Must not know Pixi. Invariant: `RESOLUTION_MIN` is the end.
 */
const SLOW_FRAME_MS = 21; // 60 Hz with some slack
const WINDOW_FRAMES = 90;
const RESOLUTION_MAX = 2; // beyond this nobody sees a difference in a moving picture
const RESOLUTION_MIN = 0.6;
const STEP = 0.8;
const PAUSE_MS = 250; // a frame this long is a hidden tab, not a slow machine

export class Quality {
  resolution: number;
  private frames = 0;
  private totalMs = 0;

  constructor(devicePixelRatio: number) {
    this.resolution = Math.min(RESOLUTION_MAX, Math.max(1, devicePixelRatio));
  }

  /** Call once a frame; true when the resolution has just changed. */
  observe(deltaMs: number): boolean {
    if (deltaMs > PAUSE_MS) return false;
    this.frames += 1;
    this.totalMs += deltaMs;
    if (this.frames < WINDOW_FRAMES) return false;
    const slow = this.totalMs / this.frames > SLOW_FRAME_MS;
    this.frames = 0;
    this.totalMs = 0;
    if (!slow || this.resolution <= RESOLUTION_MIN) return false;
    this.resolution = Math.max(RESOLUTION_MIN, this.resolution * STEP);
    return true;
  }
}
