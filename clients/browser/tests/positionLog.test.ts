import { expect, it } from "vitest";

import type { Frame } from "../src/model";
import { PositionLog } from "../src/positionLog";

function frame(tick: number): Frame {
  return { nowMs: tick * 16, tick, phase: 2, players: [], events: [] } as unknown as Frame;
}

it("records frames while it is on, and no more than two minutes of them", () => {
  const log = new PositionLog();
  log.note(frame(1), 16);
  expect(log.read()).toEqual([]);
  log.start();
  for (let tick = 0; tick < 10_000; tick += 1) log.note(frame(tick), tick * 16);
  expect(log.read().length).toBe(7_200);
  expect(log.read().at(-1)).toMatchObject({ tick: 9_999, respawnedSlots: [] });
  log.start();
  expect(log.read()).toEqual([]);
});
