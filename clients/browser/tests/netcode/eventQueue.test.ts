import { describe, expect, it } from "vitest";

import { EventQueue } from "../../src/netcode/eventQueue";
import { EventKind } from "../../src/wire/generated";

const OWN = 0;
const OTHER = 3;

describe("the events that wait for the screen", () => {
  it("shows another player's dash when they are drawn dashing, and once", () => {
    const queue = new EventQueue(OWN);
    queue.add(100, [EventKind.DASH, OTHER]);
    expect(queue.take(99)).toEqual([]);
    expect(queue.take(100).map((event) => event.kind)).toEqual([EventKind.DASH]);
    expect(queue.take(101)).toEqual([]);
  });

  it("shows the local player's dash at once", () => {
    const queue = new EventQueue(OWN);
    queue.add(100, [EventKind.DASH, OWN]);
    expect(queue.take(96)).toHaveLength(1);
  });

  it("shows a page that returns after ten seconds only the last of them", () => {
    const queue = new EventQueue(OWN);
    for (let tick = 2; tick <= 600; tick += 2) queue.add(tick, [EventKind.DASH, OTHER]);
    const shown = queue.take(600).map((event) => event.tick);
    expect(Math.min(...shown)).toBeGreaterThan(600 - 120);
    expect(Math.max(...shown)).toBe(600);
    expect(queue.take(600)).toEqual([]);
  });
});
