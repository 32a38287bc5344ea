/** The clocks: they find the server's time over any road, and keep it. */
import { describe, expect, it } from "vitest";

import { TICK_MS } from "../../src/netcode/arrival";
import { Clock } from "../../src/netcode/clock";
import {
  DELAY_TICKS_MAX,
  DELAY_TICKS_MIN,
  LEAD_TICKS_START,
  MARGIN_TARGET_TICKS,
  STEPS_AFTER_GAP,
  STEPS_MAX,
} from "../../src/netcode/tuning";
import { seededDice } from "../fakes";

interface Road {
  oneWayMs: number;
  jitterMs: number;
  drift: number; // how much faster the server's clock runs
}

/**
 * Runs a clock against a server for so many seconds; returns how far ahead of the server it was
 * each second.
 */
function run(clock: Clock, road: Road, seconds: number, startMs = 0): number[] {
  const dice = seededDice(11);
  const leads: number[] = [];
  const serverTick = (ms: number): number => 1_000 + (ms / TICK_MS) * (1 + road.drift);
  const onTheWay: { atMs: number; tick: number; margin: number | null }[] = [];
  let sentTick = 0;
  let lastAtMs = 0;
  const sent: { atMs: number; tick: number }[] = [];
  let margin: number | null = null;
  for (let ms = startMs; ms < startMs + seconds * 1_000; ms += 5) {
    const tick = Math.floor(serverTick(ms));
    for (const input of sent.filter((one) => one.atMs <= ms)) margin = input.tick - tick - 1;
    sent.splice(0, sent.length, ...sent.filter((one) => one.atMs > ms));
    if (tick % 2 === 0 && tick !== sentTick) {
      sentTick = tick;
      lastAtMs = Math.max(lastAtMs, ms + road.oneWayMs + dice() * road.jitterMs);
      onTheWay.push({ atMs: lastAtMs, tick, margin });
    }
    while (onTheWay[0] !== undefined && onTheWay[0].atMs <= ms) {
      const snapshot = onTheWay.shift();
      if (snapshot !== undefined) clock.snapshot(snapshot.tick, snapshot.margin ?? 0, ms);
    }
    if (clock.advance(ms) > 0) {
      const input = Math.floor(clock.predictedTick);
      sent.push({ atMs: ms + road.oneWayMs + dice() * road.jitterMs, tick: input });
    }
    if (ms % 1_000 === 0) leads.push(clock.predictedTick - serverTick(ms));
  }
  return leads;
}

describe("the predicted tick", () => {
  it.each([
    ["next door", { oneWayMs: 1, jitterMs: 0, drift: 0 }],
    ["in town", { oneWayMs: 15, jitterMs: 4, drift: 0 }],
    ["over an ocean", { oneWayMs: 90, jitterMs: 10, drift: 0 }],
    ["with a clock that runs a little fast", { oneWayMs: 30, jitterMs: 2, drift: 0.0005 }],
    ["with a clock that runs a little slow", { oneWayMs: 30, jitterMs: 2, drift: -0.0005 }],
  ])("settles just ahead of need on a road %s, and stays", (_, road) => {
    const leads = run(new Clock(), road, 40);
    const needed = road.oneWayMs / TICK_MS + MARGIN_TARGET_TICKS;
    const jitter = road.jitterMs / TICK_MS;
    for (const lead of leads.slice(10)) {
      expect(lead).toBeGreaterThan(needed - 1.2);
      expect(lead).toBeLessThan(needed + 2 + jitter);
    }
  });

  it("finds its way back when the road grows longer in a moment", () => {
    const clock = new Clock();
    run(clock, { oneWayMs: 10, jitterMs: 0, drift: 0 }, 10);
    const leads = run(clock, { oneWayMs: 180, jitterMs: 0, drift: 0 }, 10, 10_000);
    expect(leads.at(-1)).toBeGreaterThan(180 / TICK_MS);
    expect(leads.at(-1)).toBeLessThan(180 / TICK_MS + 4);
  });

  it("never goes back and never leaps while the road is steady", () => {
    const clock = new Clock();
    clock.snapshot(100, null, 0);
    let before = clock.predictedTick;
    for (let ms = 0; ms < 20_000; ms += 16) {
      if (ms % 32 === 0) clock.snapshot(100 + Math.floor(ms / TICK_MS), 1 + (ms % 64) / 32, ms);
      clock.advance(ms);
      expect(clock.predictedTick).toBeGreaterThanOrEqual(before);
      expect(clock.predictedTick - before).toBeLessThan(1.2);
      before = clock.predictedTick;
    }
  });

  it("gives only the newest steps after a long sleep, and is in the present", () => {
    const clock = new Clock();
    clock.snapshot(100, null, 0);
    const before = clock.predictedTick;
    expect(clock.advance(60_000)).toBe(STEPS_AFTER_GAP);
    expect(clock.predictedTick - before).toBeCloseTo(3_600, 0);
    expect(clock.resyncCount).toBe(1);
  });

  it("never gives more than its bound of steps, whatever the frames do", () => {
    const dice = seededDice(9);
    const clock = new Clock();
    clock.snapshot(100, null, 0);
    for (let ms = 0; ms < 100_000; ms += Math.floor(dice() ** 4 * 1_000)) {
      const steps = clock.advance(ms);
      expect(steps).toBeGreaterThanOrEqual(0);
      expect(steps).toBeLessThanOrEqual(STEPS_MAX);
    }
  });

  it("runs farther ahead while frames are slow, and returns afterwards", () => {
    const clock = new Clock();
    clock.snapshot(100, null, 0);
    // Ten frames a second: six ticks each.
    for (let ms = 0; ms <= 2_000; ms += 100) clock.advance(ms);
    expect(clock.marginTargetTicks).toBeGreaterThan(MARGIN_TARGET_TICKS + 3);
    for (let ms = 2_000; ms <= 40_000; ms += 16) clock.advance(ms);
    expect(clock.marginTargetTicks).toBe(MARGIN_TARGET_TICKS);
  });

  it("jumps once when inputs are far too late for a while, and not after a stall", () => {
    const clock = new Clock();
    clock.snapshot(100, null, 0);
    let leaps = 0;
    for (let tick = 102; tick <= 106; tick += 2) clock.advance((tick - 100) * TICK_MS);
    let before = clock.predictedTick;
    clock.snapshot(106, 1, 6 * TICK_MS);
    const hear = (tick: number, margin: number): void => {
      const nowMs = (tick - 100) * TICK_MS;
      clock.advance(nowMs);
      before = clock.predictedTick;
      clock.snapshot(tick, margin, nowMs);
      leaps += clock.predictedTick === before ? 0 : 1;
    };
    for (let tick = 110; tick < 130; tick += 2) hear(tick, -80); // a third of a second
    hear(130, 2);
    expect([leaps, clock.resyncCount]).toEqual([0, 0]);
    for (let tick = 132; tick < 180; tick += 2) hear(tick, -20); // the road is longer now
    expect([leaps, clock.resyncCount]).toEqual([1, 1]);
  });

  it("returns when the server reports far too early inputs for a while", () => {
    const clock = new Clock();
    clock.snapshot(100, null, 0);
    clock.snapshot(106, 1, 6 * TICK_MS);
    for (let tick = 108; clock.resyncCount === 0; tick += 2) {
      clock.advance((tick - 100) * TICK_MS);
      clock.snapshot(tick, 40, (tick - 100) * TICK_MS);
      expect(tick).toBeLessThan(160);
      if (clock.resyncCount > 0) expect(clock.predictedTick - tick).toBeLessThan(-20);
    }
  });
});

describe("the interpolation tick", () => {
  it("is two snapshots behind on a road that does not waver", () => {
    const clock = new Clock();
    run(clock, { oneWayMs: 50, jitterMs: 0, drift: 0 }, 10);
    expect(clock.delayTicks).toBeLessThan(DELAY_TICKS_MIN + 1);
  });

  it("falls farther behind on one that does, but never beyond what the server rewinds", () => {
    const calm = new Clock();
    const wild = new Clock();
    run(calm, { oneWayMs: 50, jitterMs: 0, drift: 0 }, 20);
    run(wild, { oneWayMs: 50, jitterMs: 180, drift: 0 }, 20);
    expect(wild.delayTicks).toBeGreaterThan(calm.delayTicks + 1);
    expect(wild.delayTicks).toBeLessThanOrEqual(DELAY_TICKS_MAX);
  });

  it("begins ahead of the server by the round trip", () => {
    const clock = new Clock(100);
    clock.snapshot(2, null, 5_000);
    expect(clock.interpolationTick(5_000)).toBeCloseTo(2 - DELAY_TICKS_MIN, 5);
    expect(clock.predictedTick).toBeCloseTo(2 + LEAD_TICKS_START + 6, 5);
  });
});
