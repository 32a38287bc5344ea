/**
 * What flies is drawn where it is by now, never behind a wall, and one's own from the very frame of
 * the click.
 */
import { describe, expect, it } from "vitest";

import { trace } from "../../src/rules/collision";
import type { PendingAction } from "../../src/netcode/predictedActions";
import { EventKind } from "../../src/wire/generated";
import { Shots } from "../../src/netcode/shots";
import { seededDice } from "../fakes";
import { arenaOf, HALL } from "../rules/grounds";
import { viewOf } from "./views";

const OWN = 2;
const OTHER = 5;
const source = (owner: number, weapon = 0): number => owner * 8 + weapon;

describe("a trace", () => {
  it("ends on free ground and crosses no wall, wherever it goes", () => {
    const dice = seededDice(1);
    const point = (): [number, number] => [
      1_024 + Math.floor(dice() * 18_431),
      1_024 + Math.floor(dice() * 7_167),
    ];
    const isWall = (x: number, y: number): boolean =>
      HALL.walls[(y >> 10) * HALL.width + (x >> 10)] === 1;
    let blocked = 0;
    for (let run = 0; run < 3_000; run += 1) {
      const [x, y] = point();
      const [x2, y2] = point();
      if (isWall(x, y)) continue;
      const end = trace(HALL, x, y, x2, y2);
      expect(isWall(end.x, end.y)).toBe(false);
      if (end.blocked) blocked += 1;
      else expect([end.x, end.y]).toEqual([x2, y2]);
      const parts = Array.from({ length: 51 }, (_, part) => part / 50);
      const deepInWall = parts.filter((part) => {
        // By more than a rounding: two units to either side there is wall as well.
        const on = (from: number, to: number): number => Math.round(from + (to - from) * part);
        const [px, py] = [on(x, end.x), on(y, end.y)];
        return [-2, 2].every((off) => isWall(px + off, py) && isWall(px, py + off));
      });
      expect(deepInWall).toEqual([]);
    }
    expect(blocked).toBeGreaterThan(200);
  });

  it("does not slip between two walls that touch at a corner", () => {
    const cross = arenaOf(["####", "#.##", "##.#", "####"]);
    expect(trace(cross, 1_536, 1_536, 2_560, 2_560).blocked).toBe(true);
    expect(trace(cross, 2_560, 2_560, 1_536, 1_536).blocked).toBe(true);
  });
});

describe("shots", () => {
  it("of others leave where their owner is drawn, and are in the present soon after", () => {
    const shots = new Shots(HALL, OWN);
    const first = viewOf(100, {}, { 7: [3_000, 6_700, 100, 0, source(OTHER)] });
    shots.note(first, [], first.tick);
    const [born] = shots.at(first, 108, 8);
    expect(born?.x).toBe(3_000); // eight ticks behind the present, as its owner is
    const later = viewOf(130, {}, { 7: [6_000, 6_700, 100, 0, source(OTHER)] });
    shots.note(later, [], later.tick);
    expect(shots.at(later, 140, 8)[0]?.x).toBe(7_000);
  });

  it("never go backwards on their way into the present", () => {
    const shots = new Shots(HALL, OWN);
    let before = 0;
    for (let tick = 100; tick < 150; tick += 1) {
      const view = viewOf(
        tick,
        {},
        { 7: [2_000 + (tick - 100) * 100, 6_700, 100, 0, source(OTHER)] },
      );
      shots.note(view, [], view.tick);
      const x = shots.at(view, tick + 6, 10)[0]?.x ?? 0;
      expect(x).toBeGreaterThanOrEqual(before);
      before = x;
    }
  });

  it("stop at a wall until the server reports their fate", () => {
    const shots = new Shots(HALL, OWN);
    const view = viewOf(100, {}, { 7: [17_000, 6_700, 300, 0, source(OWN)] });
    shots.note(view, [], view.tick);
    expect(shots.at(view, 120, 0)[0]?.x).toBeLessThan(19 * 1_024);
  });

  it("of the local player are ghosts first, and turn into the server's without a break", () => {
    const shots = new Shots(HALL, OWN);
    const action = fired(105);
    shots.fire(action);
    const empty = viewOf(100, {});
    shots.note(empty, [], 112);
    const [ghost] = shots.at(empty, 112, 8);
    expect(ghost?.number).toBeLessThan(0);
    // Fired in 105, it has flown twice when 106 is seen.
    const answer = viewOf(106, {}, { 9: [3_614, 6_700, 307, 0, source(OWN)] });
    shots.note(answer, [action], 112);
    expect(shots.at(answer, 112, 8)).toEqual([ghost]); // the same shot under the same number
  });

  it("that left later than predicted glide back, and are still one", () => {
    const shots = new Shots(HALL, OWN);
    const action = fired(105);
    shots.fire(action);
    const empty = viewOf(104, {});
    const before = shots.at(empty, 112, 8)[0]?.x ?? 0;
    shots.move({ ...action, tick: 108 }, 112);
    expect(shots.at(empty, 112, 8)[0]?.x).toBeCloseTo(before, 6);
    const answer = viewOf(108, {}, { 9: [3_307, 6_700, 307, 0, source(OWN)] });
    shots.note(answer, [{ ...action, tick: 108 }], 112);
    const drawn = [112, 113, 116, 120, 130].map((tick) => shots.at(answer, tick, 8));
    expect(drawn.map((all) => all.length)).toEqual([1, 1, 1, 1, 1]);
    expect(drawn[0]?.[0]?.x).toBeCloseTo(before, 6);
    expect(Math.abs((drawn[4]?.[0]?.x ?? 0) - (3_307 + 22 * 307))).toBeLessThan(20);
    const xs = drawn.map(([shot]) => shot?.x ?? 0);
    expect(xs).toEqual([...xs].sort((one, other) => one - other)); // never backwards
  });

  it("that the server never made fade away", () => {
    const shots = new Shots(HALL, OWN);
    const action = fired(105);
    shots.fire(action);
    const view = viewOf(108, {});
    shots.note(view, [], 112);
    shots.deny(action, 112);
    const seen = Array.from({ length: 12 }, (_, tick) => shots.at(view, 112 + tick, 8));
    const opacities = seen.map(([shot]) => shot?.opacity ?? 0);
    expect(opacities[0]).toBe(1);
    expect(opacities[4]).toBe(0.5);
    expect(opacities.at(-1)).toBe(0);
    expect(seen.at(-1)).toEqual([]);
  });

  it("that ended before they were ever seen are gone with the news", () => {
    const shots = new Shots(HALL, OWN);
    const action = fired(105);
    shots.fire(action);
    const view = viewOf(106, {});
    shots.note(view, [action], 112);
    expect(shots.at(view, 112, 8)).toEqual([]);
  });

  it("bounce off walls where discs do, tick by tick as the rules have it", () => {
    const shots = new Shots(HALL, OWN);
    const view = viewOf(100, {}, { 9: [18_900, 6_700, 239, 0, source(OWN, 4)] });
    shots.note(view, [], 100);
    const xs = [100, 102, 103, 105].map((tick) => shots.at(view, tick, 0)[0]?.x);
    // The wall begins at 19,456; a bounce costs what is left of its tick.
    expect(xs).toEqual([18_900, 19_378, 19_455, 19_455 - 2 * 239]);
  });
});

/** A bolt to the east, left in `tick`. */
function fired(tick: number): PendingAction {
  return { number: -1, tick, event: [EventKind.FIRE, OWN, 0], x: 3_000, y: 6_700, aim: 0 };
}
