/** The others over real roads, frame by frame: smooth, close to the present, and never smeared. */
import { describe, expect, it } from "vitest";

import { TICK_MS } from "../../src/netcode/arrival";
import { Clock } from "../../src/netcode/clock";
import { Interpolation, type Pose } from "../../src/netcode/interpolation";
import { DELAY_TICKS_MAX, DELAY_TICKS_MIN } from "../../src/netcode/tuning";
import { TUNING } from "../../src/wire/generated";
import type { View } from "../../src/wire/snapshot";
import { spiky, stalling, wavering, type Road } from "../roads";
import { Crowd } from "./crowd";

const COUNT = 6;
const SETTLED_MS = 3_000;
const STALLED_TICKS = 10;
const CAUGHT_UP_FRAMES = 40; // after a stall all are drawn where they are within so many

interface Drawn extends Pose {
  slot: number;
  tick: number; // the others' time in that frame
  aheadTicks: number; // of the newest snapshot
}

interface Show {
  crowd: Crowd;
  frames: Drawn[][];
  starvedFrames: number; // nothing newer than what is drawn was there
  delays: number[];
}

/** Plays `seconds` of a crowd over a road, to a page that draws so often. */
function show(road: Road, seconds: number, frameMs = TICK_MS): Show {
  const [crowd, clock, others] = [new Crowd(COUNT, 7), new Clock(), new Interpolation()];
  const result: Show = { crowd, frames: [], starvedFrames: 0, delays: [] };
  const onTheWay: { atMs: number; view: View }[] = [];
  let lastMs = 0;
  let newest = 0;
  for (let ms = 0, stepped = 0; ms < seconds * 1_000; ms += frameMs) {
    for (; (stepped + 1) * TICK_MS <= ms; stepped += 1) {
      crowd.step();
      if (crowd.tick % 2 === 1) continue;
      const leavesMs = (stepped + 1) * TICK_MS;
      lastMs = Math.max(lastMs, leavesMs + road(leavesMs));
      onTheWay.push({ atMs: lastMs, view: crowd.view() });
    }
    while (onTheWay[0] !== undefined && onTheWay[0].atMs <= ms) {
      const [{ atMs, view }] = onTheWay.splice(0, 1) as [{ atMs: number; view: View }];
      clock.snapshot(view.tick, null, atMs);
      others.push(view);
      newest = view.tick;
    }
    clock.advance(ms);
    if (ms < SETTLED_MS || !clock.isSynced) continue;
    const tick = clock.interpolationTick(ms);
    if (tick > newest) result.starvedFrames += 1;
    result.delays.push(clock.delayTicks);
    const drawn: Drawn[] = [];
    for (let slot = 0; slot < COUNT; slot += 1) {
      const pose = others.drawnAt(slot, tick);
      if (pose !== null) drawn.push({ ...pose, slot, tick, aheadTicks: tick - newest });
    }
    result.frames.push(drawn);
  }
  return result;
}

/** The farthest that anybody went in one frame, in units per tick, within one life. */
function fastest({ frames }: Show): number {
  let most = 0;
  frames.slice(1).forEach((frame, index) => {
    for (const now of frame) {
      const before = frames[index]?.find((one) => one.slot === now.slot);
      if (before?.status !== now.status) continue; // another life
      const ticks = Math.max(0.9, now.tick - before.tick);
      most = Math.max(most, Math.hypot(now.x - before.x, now.y - before.y) / ticks);
    }
  });
  return most;
}

/** How far any player was ever drawn from all their places at about that time, if known. */
function farthestFromTruth({ crowd, frames }: Show): number {
  let worst = 0;
  let calmFrames = 0;
  for (const { slot, tick, aheadTicks, x, y } of frames.flat()) {
    calmFrames = aheadTicks > STALLED_TICKS ? 0 : calmFrames + 1 / COUNT;
    if (calmFrames < CAUGHT_UP_FRAMES) continue;
    const at = Math.round(tick) - 101;
    const around = (crowd.footprints[slot] ?? []).slice(Math.max(0, at - 14), at + 15);
    const nearest = Math.min(...around.map((foot) => Math.hypot(foot.x - x, foot.y - y)));
    worst = Math.max(worst, nearest);
  }
  return worst;
}

describe("others on every road", () => {
  it.each([
    ["steady", () => 40],
    ["wavering by 5 ms", wavering(40, 5)],
    ["wavering by 15 ms", wavering(75, 15)],
    ["wavering by 40 ms", wavering(75, 40)],
    ["with spikes", spiky(40, 80, 0.05)],
  ])("%s: nobody goes faster than the rules allow, or where they never were", (_, road) => {
    const shown = show(road, 40);
    expect(fastest(shown)).toBeLessThan(TUNING.speedMax);
    expect(farthestFromTruth(shown)).toBeLessThan(400);
    expect(shown.starvedFrames / shown.frames.length).toBeLessThan(0.03);
  });

  it.each([
    ["steady", () => 40, DELAY_TICKS_MIN, DELAY_TICKS_MIN + 0.5],
    ["wavering by 15 ms", wavering(75, 15), DELAY_TICKS_MIN, 6],
    ["wavering by 40 ms", wavering(75, 40), 5, 8],
  ])("%s: the delay follows what the road needs", (_, road, least, most) => {
    const delays = show(road as Road, 20).delays.slice(-300);
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(least - 0.3);
    expect(Math.max(...delays)).toBeLessThanOrEqual(most);
  });

  it("never fall behind farther than the server rewinds", () => {
    const { delays } = show(wavering(150, 120), 30);
    expect(Math.max(...delays.slice(300))).toBeLessThanOrEqual(DELAY_TICKS_MAX);
  });

  it("stand still in a stall, and are in the present soon after it", () => {
    const shown = show(stalling(40, 1_500, 10_000), 30);
    const delays = shown.delays.slice(-300);
    expect(Math.max(...delays)).toBeLessThan(DELAY_TICKS_MIN + 2);
    expect(farthestFromTruth(shown)).toBeLessThan(900); // carried on for a tenth of a second
    expect(fastest(shown)).toBeLessThan(TUNING.speedMax);
  });

  it("are as smooth on a screen of 144 Hz and on one of 20", () => {
    expect(fastest(show(wavering(75, 15), 20, 1000 / 144))).toBeLessThan(TUNING.speedMax);
    expect(fastest(show(wavering(75, 15), 20, 50))).toBeLessThan(TUNING.speedMax);
  });
});
