/**
 * Whether animation frames come too slowly for something that is only pretty.
 *
 * Owns: the last few intervals between frames. Must not know what is drawn. Invariant: one long
 * frame alone (a hidden tab, a page that loads) never makes a slow machine.
 */
export const JUDGED_FRAMES = 12;
const SLOW_FRAME_MS = 50; // in the mean of those
const PAUSE_MS = 250; // a longer frame counts as this one

export class FrameRate {
  private readonly intervalsMs: number[] = []; // newest last
  private framedAtMs: number | null = null;

  /** Call once a frame; true when the last frames were too slow. */
  isTooSlow(nowMs: number): boolean {
    const { intervalsMs } = this;
    if (this.framedAtMs !== null) intervalsMs.push(Math.min(PAUSE_MS, nowMs - this.framedAtMs));
    this.framedAtMs = nowMs;
    if (intervalsMs.length > JUDGED_FRAMES) intervalsMs.shift();
    if (intervalsMs.length < JUDGED_FRAMES) return false;
    const sumMs = intervalsMs.reduce((sum, intervalMs) => sum + intervalMs, 0);
    return sumMs > SLOW_FRAME_MS * JUDGED_FRAMES;
  }

  /** Frames stopped for a while; the gap says nothing. */
  pause(): void {
    this.framedAtMs = null;
  }
}
