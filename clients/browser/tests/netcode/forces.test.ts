/** What others did to oneself is no misprediction: the same cases as in Python. */
import { describe, expect, it } from "vitest";

import { isForced } from "../../src/netcode/forces";
import { EventKind, TILE_UNITS, TUNING, TURN, Weapon } from "../../src/wire/generated";
import { viewOf } from "./views";

const [SLOT, SHOOTER] = [0, 1];
const RANGE_UNITS = TUNING.weapons[Weapon.SCATTER].rangeUnits;

describe("a fan of pellets", () => {
  it.each([
    ["pushes at its end without hurting", RANGE_UNITS, 0, SHOOTER, true],
    ["reaches those at its edge", RANGE_UNITS, 2_100, SHOOTER, true],
    ["does nothing beside it", RANGE_UNITS, 5 * TILE_UNITS, SHOOTER, false],
    ["is narrow where it begins", 2 * TILE_UNITS, 3 * TILE_UNITS, SHOOTER, false],
    ["has an end", RANGE_UNITS + 2 * TILE_UNITS, 0, SHOOTER, false],
    ["does nothing behind it", -2 * TILE_UNITS, 0, SHOOTER, false],
    ["does not push its own shooter", TILE_UNITS, 0, SLOT, false],
  ])("%s", (_, x, y, shooter, expected) => {
    const down = TURN / 4;
    const view = viewOf(9, {});
    view.events = [[EventKind.SCATTER, shooter, 5_000, 5_000, down]];
    expect(isForced(view, SLOT, { x: 5_000 - y, y: 5_000 + x })).toBe(expected);
  });
});
