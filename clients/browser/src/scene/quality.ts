/**
 * Fewer pixels for a machine that cannot keep up: one step down at a time, until frames are on
 * time.
 *
 * Owns: the render resolution (device pixels to a CSS pixel). Must not know Pixi. Invariant: within
 * its limits, and once lowered never raised again, so that the picture does not pump.
 */
export const RESOLUTION_MAX = 2; // beyond this a moving picture looks no different
export const RESOLUTION_MIN = 0.66;
export const RESOLUTION_SOFTWARE = 0.75;

const SLOW_FRAME_MS = 21; // 60 Hz with some slack
const WINDOW_FRAMES = 60;
const STEP = 0.8;
const PAUSE_MS = 250; // a frame this long is a hidden tab, not a slow machine
const SOFTWARE_RENDERERS = /swiftshader|llvmpipe|softpipe|software|basic render/i;

export class Quality {
  resolution: number;
  private frames = 0;
  private totalMs = 0;

  /** `rendererName` is what WebGL says draws; a processor that draws starts with fewer pixels. */
  constructor(devicePixelRatio: number, rendererName: string) {
    this.resolution = SOFTWARE_RENDERERS.test(rendererName)
      ? RESOLUTION_SOFTWARE
      : Math.min(RESOLUTION_MAX, Math.max(1, devicePixelRatio));
  }

  /** True when the machine is short of pixels: leave out what is only pretty. */
  get isThrifty(): boolean {
    return this.resolution < 1;
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

/** WebGL's name of the graphics card; "" when it is hidden. */
export function rendererName(gl: WebGLRenderingContext): string {
  const extension = gl.getExtension("WEBGL_debug_renderer_info");
  if (extension === null) return "";
  return String(gl.getParameter(extension.UNMASKED_RENDERER_WEBGL));
}
