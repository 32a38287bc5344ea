/** The others glide between snapshots, but never between two lives. */
import { describe, expect, it } from "vitest";

import { Interpolation } from "../../src/netcode/interpolation";
import { EXTRAPOLATION_TICKS_MAX } from "../../src/netcode/tuning";
import { EventKind } from "../../src/wire/generated";
import { viewOf, type Stand } from "./views";

function between(...stands: [number, Stand | null][]): Interpolation {
  const interpolation = new Interpolation();
  for (const [tick, stand] of stands)
    interpolation.push(viewOf(tick, stand === null ? {} : { 1: stand }));
  return interpolation;
}

describe("interpolation", () => {
  it("meets every snapshot exactly and goes straight between", () => {
    const others = between([10, { x: 0, y: 0 }], [12, { x: 200, y: -100 }], [14, { x: 300, y: 0 }]);
    expect(others.poseAt(1, 10)).toMatchObject({ x: 0, y: 0 });
    expect(others.poseAt(1, 11)).toMatchObject({ x: 100, y: -50 });
    expect(others.poseAt(1, 11.5)).toMatchObject({ x: 150, y: -75 });
    expect(others.poseAt(1, 12)).toMatchObject({ x: 200, y: -100 });
    expect(others.poseAt(1, 13)).toMatchObject({ x: 250, y: -50 });
  });

  it("never moves farther in a moment than the player did", () => {
    const others = between([10, { x: 0, y: 0 }], [12, { x: 222, y: 0 }], [16, { x: 666, y: 0 }]);
    let before = 0;
    for (let tick = 10; tick <= 16; tick += 0.1) {
      const x = others.poseAt(1, tick)?.x ?? Number.NaN;
      expect(x - before).toBeGreaterThanOrEqual(0);
      expect(x - before).toBeLessThan(12);
      before = x;
    }
  });

  it("waits for news a little way ahead, then stands", () => {
    const others = between([10, { x: 0, y: 0, vx: 100 }]);
    expect(others.poseAt(1, 13)?.x).toBe(300);
    expect(others.poseAt(1, 10 + EXTRAPOLATION_TICKS_MAX)?.x).toBe(600);
    expect(others.poseAt(1, 500)?.x).toBe(600);
  });

  it.each([
    ["a death", { x: 0, y: 0 }, { x: 900, y: 0, alive: false }],
    ["a spawn", { x: 0, y: 0, alive: false }, { x: 900, y: 0 }],
    ["a teleport", { x: 0, y: 0 }, { x: 9_000, y: 0 }],
  ])("does not smear %s", (_, before, after) => {
    const others = between([10, before], [12, after]);
    for (const tick of [10, 10.5, 11, 11.9]) expect(others.poseAt(1, tick)?.x).toBe(before.x);
    expect(others.poseAt(1, 12)?.x).toBe(after.x);
  });

  it("does not smear a spawn that is no farther away than a run", () => {
    const others = between([10, { x: 0, y: 0 }]);
    others.push({ ...viewOf(12, { 1: { x: 900, y: 0 } }), events: [[EventKind.SPAWN, 1, 900, 0]] });
    expect(others.poseAt(1, 11.9)?.x).toBe(0);
    expect(others.poseAt(1, 12)?.x).toBe(900);
  });

  it("moves no player at the moment when a snapshot ends an extrapolation", () => {
    const others = between([10, { x: 0, y: 0, vx: 200 }]);
    expect(others.drawnAt(1, 15)?.x).toBe(1_000);
    others.push(viewOf(12, { 1: { x: 200, y: 0 } })); // the player had stopped at once
    others.push(viewOf(16, { 1: { x: 200, y: 0 } }));
    const xs = [15, 16, 18, 22, 40, 60].map((tick) => others.drawnAt(1, tick)?.x ?? 0);
    expect(xs[0]).toBe(1_000);
    expect(xs).toEqual([...xs].sort((one, other) => other - one));
    expect(xs.at(-1)).toBe(200);
  });

  it("moves no player when time jumps back, as after a stall of the server", () => {
    const others = between(...Array.from({ length: 20 }, (_, index): [number, Stand] => [
      10 + 2 * index,
      { x: 200 * index, y: 0, vx: 100 },
    ]));
    const before = others.drawnAt(1, 46)?.x ?? 0;
    const after = [20, 21, 22, 23].map((tick) => others.drawnAt(1, tick)?.x ?? 0);
    expect(after[0]).toBeCloseTo(before, 6);
    after.slice(1).forEach((x, index) => {
      expect(Math.abs(x - (after[index] ?? 0))).toBeLessThan(500);
    });
    expect(others.drawnAt(1, 60)?.x).toBeCloseTo(others.poseAt(1, 60)?.x ?? 0, 6);
  });

  it("hides no way between two lives", () => {
    const others = between([10, { x: 0, y: 0, vx: 200 }]);
    others.drawnAt(1, 15);
    others.push({ ...viewOf(12, { 1: { x: 900, y: 0 } }), events: [[EventKind.SPAWN, 1, 900, 0]] });
    expect(others.drawnAt(1, 15)?.x).toBe(900);
  });

  it("does not carry on the dead", () => {
    expect(between([10, { x: 0, y: 0, vx: 100, alive: false }]).poseAt(1, 15)?.x).toBe(0);
  });

  it("turns the short way round", () => {
    const others = between([10, { x: 0, y: 0, aim8: 250 }], [12, { x: 0, y: 0, aim8: 6 }]);
    expect(others.poseAt(1, 11)?.aim).toBeCloseTo(0, 5);
    expect(others.poseAt(1, 11.5)?.aim).toBeCloseTo(3 * 256, 5);
  });

  it("knows no player before their arrival or after their departure", () => {
    const others = between([10, null], [12, { x: 5, y: 5 }], [14, null]);
    expect(others.poseAt(1, 11)).toBeNull();
    expect(others.poseAt(1, 12)).toMatchObject({ x: 5 });
    expect(others.poseAt(1, 14)).toBeNull();
    expect(others.poseAt(9, 12)).toBeNull();
  });

  it("reports players who left and returned between two frames", () => {
    const gone = [12, null] as const;
    const others = between([10, { x: 0, y: 0 }], [...gone], [14, { x: 9_000, y: 0 }]);
    others.drawnAt(1, 10);
    expect(others.drawnAt(1, 14.5)?.x).toBe(9_000);
    expect(others.appeared(1)).toBe(true);
    others.drawnAt(1, 15);
    expect(others.appeared(1)).toBe(false);
  });

  it("reports them also when that happened before the drawn tick", () => {
    const others = between([10, { x: 0, y: 0, vx: 100 }]);
    others.drawnAt(1, 15);
    others.push(viewOf(12, {}));
    others.push(viewOf(14, { 1: { x: 9_000, y: 0 } }));
    expect(others.drawnAt(1, 15.5)?.x).toBe(9_000);
    expect(others.appeared(1)).toBe(true);
  });

  it("keeps no more than a second or so", () => {
    const others = new Interpolation();
    for (let tick = 0; tick < 2_000; tick += 2) others.push(viewOf(tick, { 1: { x: tick, y: 0 } }));
    expect(others.viewAt(0)?.tick).toBeGreaterThan(1_900);
    expect(others.newest?.tick).toBe(1_998);
  });
});
