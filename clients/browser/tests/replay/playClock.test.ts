import { describe, expect, it } from "vitest";
import { PlayClock } from "../../src/replay/playClock";
import { seededDice } from "../fakes";

/** Frames of 16 ms; a snapshot each 33 ms, late by up to `jitterMs`. */
function play(percent: number, seconds: number, jitterMs = 0): { clock: PlayClock; ticks: number[] } {
  const clock = new PlayClock();
  const dice = seededDice(percent);
  clock.percent = percent;
  clock.jump(1_000, 0);
  const step = Math.max(2, Math.floor((2 * percent) / 100));
  const everyMs = (step / 60 / (percent / 100)) * 1_000;
  const arrivals: { atMs: number; tick: number }[] = [];
  for (let number = 1; number * everyMs < seconds * 1_000; number += 1) {
    arrivals.push({ atMs: number * everyMs + dice() * jitterMs, tick: 1_000 + number * step });
  }
  const ticks: number[] = [];
  for (let nowMs = 0; nowMs < seconds * 1_000; nowMs += 16) {
    while ((arrivals[0]?.atMs ?? Infinity) <= nowMs) clock.snapshot(arrivals.shift()?.tick ?? 0);
    ticks.push(clock.advance(nowMs));
  }
  return { clock, ticks };
}

describe("the time of a replay on the screen", () => {
  it.each([25, 50, 100, 200, 400, 800])("goes at the speed of %d %%, without a jump", (percent) => {
    const { clock, ticks } = play(percent, 6, 12);
    const late = ticks.slice(180);
    const perFrame = late.slice(1).map((tick, index) => tick - (late[index] ?? 0));
    const wanted = (16 * 60 * percent) / 100_000;
    const mean = perFrame.reduce((sum, one) => sum + one, 0) / perFrame.length;
    expect(mean / wanted).toBeCloseTo(1, 1);
    for (const one of perFrame) {
      expect(one).toBeGreaterThanOrEqual(0);
      expect(one).toBeLessThan(wanted * 1.6);
    }
    expect(clock.newest).toBeGreaterThanOrEqual(ticks.at(-1) ?? Infinity);
  });

  it("comes to rest on the last snapshot when paused, and stays there", () => {
    const { clock } = play(100, 2);
    clock.percent = 0;
    for (let nowMs = 2_000; nowMs < 3_000; nowMs += 16) clock.advance(nowMs);
    expect(clock.advance(3_000)).toBe(clock.newest);
  });

  it("is at once where it is put", () => {
    const { clock } = play(100, 2);
    clock.jump(60, 2_000);
    expect(clock.advance(2_016)).toBe(60);
  });

  it("makes up for a page that slept by a leap, not by a rush", () => {
    const clock = new PlayClock();
    clock.jump(0, 0);
    for (let tick = 2; tick < 2_000; tick += 2) clock.snapshot(tick);
    expect(clock.advance(30_000)).toBeGreaterThan(1_900);
  });
});
