import { describe, expect, it } from "vitest";

import { JUDGED_FRAMES, FrameRate } from "../../src/screens/frameRate";

/** What is said after each frame of these intervals. */
function verdicts(intervalsMs: number[]): boolean[] {
  const frameRate = new FrameRate();
  let nowMs = 1_000;
  frameRate.isTooSlow(nowMs);
  return intervalsMs.map((intervalMs) => frameRate.isTooSlow((nowMs += intervalMs)));
}

const frames = (count: number, intervalMs: number): number[] =>
  Array.from({ length: count }, () => intervalMs);

describe("the frame rate", () => {
  it("is too slow after twelve frames of 60 ms, and not before", () => {
    const said = verdicts(frames(JUDGED_FRAMES, 60));
    expect(said.slice(0, -1)).not.toContain(true);
    expect(said.at(-1)).toBe(true);
  });

  it("is good enough at thirty frames a second, for ever", () => {
    expect(verdicts(frames(300, 33))).not.toContain(true);
  });

  it("forgives one frame of any length", () => {
    expect(verdicts([...frames(20, 17), 60_000, ...frames(20, 17)])).not.toContain(true);
  });

  it("does not count the gap of a pause", () => {
    const frameRate = new FrameRate();
    let nowMs = 0;
    for (let round = 0; round < 100; round += 1) {
      frameRate.pause();
      expect(frameRate.isTooSlow((nowMs += 10_000))).toBe(false);
      expect(frameRate.isTooSlow((nowMs += 17))).toBe(false);
    }
  });
});
