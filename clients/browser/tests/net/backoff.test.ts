/** The wait before another try: its bounds and its spread. */
import { describe, expect, it } from "vitest";

import {
  BACKOFF_BASE_MS,
  BACKOFF_CAP_MS,
  BACKOFF_FIRST_MS,
  backoffMs,
} from "../../src/net/backoff";
import { seededDice } from "../fakes";

describe("backoff", () => {
  it("comes back at once, then doubles to the cap", () => {
    const longest = (attempt: number): number => backoffMs(attempt, () => 1 - Number.EPSILON);
    expect([1, 2, 3, 4, 5, 6].map(longest)).toEqual([20, 200, 400, 800, 1600, 3200]);
    expect(longest(7)).toBe(BACKOFF_CAP_MS);
    expect(longest(1_000_000)).toBe(BACKOFF_CAP_MS);
  });

  it("spreads over all of its span, and is never nothing", () => {
    const dice = seededDice(1);
    const waits = Array.from({ length: 2_000 }, () => backoffMs(5, dice));
    expect(Math.min(...waits)).toBeGreaterThan(0);
    expect(Math.min(...waits)).toBeLessThan(BACKOFF_BASE_MS);
    expect(Math.max(...waits)).toBeGreaterThan(1_500);
    expect(Math.max(...waits)).toBeLessThanOrEqual(1_600);
  });

  it.each([0, -5])("takes attempt %i for the first", (attempt) => {
    expect(backoffMs(attempt, () => 1 - Number.EPSILON)).toBe(BACKOFF_FIRST_MS);
  });
});
