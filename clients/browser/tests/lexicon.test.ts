/** Every number of the rules that is seen has its words. */
import { describe, expect, it } from "vitest";

import { MEDAL_GLYPHS, padGlyph, WEAPON_GLYPHS } from "../src/glyphs";
import {
  clockText,
  MEDALS,
  PHASE_TITLES,
  PICKUP_RESPAWN_TICKS,
  radians,
  weaponOfPickup,
  WEAPONS,
} from "../src/lexicon";
import { Medal, Phase, PickupKind, TUNING, Weapon } from "../src/wire/generated";

describe("the lexicon", () => {
  it("has a word and a sign for every weapon, medal and phase", () => {
    for (const weapon of Object.values(Weapon)) {
      expect(WEAPONS[weapon]?.title.toLowerCase()).toBe(TUNING.weapons[weapon].name);
      expect(WEAPON_GLYPHS[weapon]).toBeTruthy();
    }
    for (const medal of Object.values(Medal)) {
      expect(MEDALS[medal]?.title).toBeTruthy();
      expect(MEDAL_GLYPHS[medal]).toBeTruthy();
    }
    for (const phase of Object.values(Phase)) expect(PHASE_TITLES[phase]).toBeTruthy();
  });

  it("has a sign and a waiting time for every pickup", () => {
    for (const kind of Object.values(PickupKind)) {
      expect(padGlyph(kind)).toBeTruthy();
      expect(PICKUP_RESPAWN_TICKS[kind]).toBeGreaterThan(0);
    }
  });

  it("knows which weapon an ammunition pad feeds", () => {
    expect(weaponOfPickup(PickupKind.AMMO_RAIL)).toBe(Weapon.RAIL);
    expect(weaponOfPickup(PickupKind.MEGA)).toBe(-1);
    expect(weaponOfPickup(99)).toBe(-1);
  });

  it.each([
    [0, "0:00"],
    [-50, "0:00"],
    [1, "0:01"],
    [60, "0:01"],
    [61, "0:02"],
    [3600, "1:00"],
    [28_800, "8:00"],
  ])("writes %i ticks as %s", (ticks, text) => {
    expect(clockText(ticks)).toBe(text);
  });

  it("turns angles of the wire into radians", () => {
    expect(radians(0)).toBe(0);
    expect(radians(16_384)).toBeCloseTo(Math.PI / 2, 12);
  });
});
