/** A hidden way is walked, and never faster than anybody may go. */
import { expect, it } from "vitest";

import { unitsLeft } from "../../src/netcode/hiding";
import { HIDDEN_UNITS_MAX } from "../../src/netcode/tuning";
import { TUNING } from "../../src/wire/generated";

it.each([5, 300, 1_500, 4_000, HIDDEN_UNITS_MAX])("a way of %i units", (units) => {
  const left = Array.from({ length: 400 }, (_, step) => unitsLeft(units, step / 4));
  expect(left[0]).toBeCloseTo(units, 6);
  expect(left.at(-1)).toBe(0);
  left.slice(1).forEach((now, step) => {
    expect(now).toBeLessThanOrEqual(left[step] ?? 0);
    expect((left[step] ?? 0) - now).toBeLessThan(((TUNING.speedMax - TUNING.runSpeed) / 4) * 1.01);
  });
  // Walked in many short steps it takes as long.
  const steps = Array.from({ length: 12 }).reduce<number>((rest) => unitsLeft(rest, 0.5), units);
  expect(steps).toBeCloseTo(unitsLeft(units, 6), 3);
});

it("is jumped when no player can have moved that far", () => {
  expect(unitsLeft(HIDDEN_UNITS_MAX + 1, 0)).toBe(0);
});
