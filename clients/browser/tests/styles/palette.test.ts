/** Colours can be told apart, in every palette. */
import { describe, expect, it } from "vitest";

import { defaultValues, PALETTES, type Palette, type SettingsValues } from "../../src/settings";
import {
  cssAlpha,
  cssColour,
  mixColours,
  playerColour,
  schemeOf,
  type Painted,
} from "../../src/styles/palette";

const values = (palette: Palette, simpleColours = false): SettingsValues => ({
  ...defaultValues(),
  palette,
  simpleColours,
});

const channels = (colour: number): number[] => [colour >> 16, (colour >> 8) & 255, colour & 255];

function distance(left: number, right: number): number {
  return Math.hypot(...channels(left).map((value, index) => value - (channels(right)[index] ?? 0)));
}

/** Relative luminance and contrast ratio of WCAG 2.2. */
function luminance(colour: number): number {
  const [red = 0, green = 0, blue = 0] = channels(colour).map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(left: number, right: number): number {
  const [low, high] = [luminance(left), luminance(right)].sort((a, b) => a - b) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

/**
 * What a person without the middle-wave cones sees, after Viénot, Brettel and Mollon (1999), in
 * linear light.
 */
function deuteranope(colour: number): number[] {
  const [red = 0, green = 0, blue = 0] = channels(colour).map((value) => (value / 255) ** 2.2);
  return [0.293 * red + 0.707 * green, -0.022 * red + 0.022 * green + blue].map(
    (light) => Math.max(0, light) ** (1 / 2.2),
  );
}

describe.each(PALETTES)("the palette %s", (palette) => {
  const scheme = schemeOf(values(palette));

  it("has sixteen different players", () => {
    expect(scheme.players).toHaveLength(16);
    for (const [index, left] of scheme.players.entries()) {
      for (const right of scheme.players.slice(index + 1)) {
        expect(distance(left, right), `${cssColour(left)} ${cssColour(right)}`).toBeGreaterThan(30);
      }
    }
  });

  it("lets every player stand out from the floor", () => {
    for (const colour of scheme.players) {
      expect(contrast(colour, scheme.floor), cssColour(colour)).toBeGreaterThan(3);
    }
  });

  it("has text that reads on its panels", () => {
    expect(contrast(scheme.text, scheme.panel)).toBeGreaterThan(7);
    expect(contrast(scheme.muted, scheme.panel)).toBeGreaterThan(4.5);
  });

  it("shows the local player and all others in two colours when set", () => {
    const simple = values(palette, true);
    const self = playerColour(simple, { slot: 3, self: true, team: 0 });
    const enemies = [0, 7, 15].map((slot) => playerColour(simple, { slot, self: false, team: 0 }));
    expect(new Set(enemies).size).toBe(1);
    expect(distance(self, enemies[0] ?? self)).toBeGreaterThan(120);
  });
});

describe.each(PALETTES)("the sides in the palette %s", (palette) => {
  const [one = 0, other = 0] = schemeOf(values(palette)).sides;

  it("are told apart from the floor and from each other, with and without green cones", () => {
    const { floor } = schemeOf(values(palette));
    expect(Math.min(contrast(one, floor), contrast(other, floor))).toBeGreaterThan(3);
    const seen = deuteranope(other);
    const apart = deuteranope(one).map((value, index) => value - (seen[index] ?? 0));
    expect(Math.hypot(...apart)).toBeGreaterThan(0.4);
  });

  it("colour their players, and in simple colours the own side and the other", () => {
    const player = (slot: number, team: number): Painted => ({ slot, self: false, team });
    expect(playerColour(values(palette), player(3, 1), 2)).toBe(one);
    expect(playerColour(values(palette), player(9, 2), 2)).toBe(other);
    const simple = values(palette, true);
    expect(playerColour(simple, player(3, 2), 2)).toBe(schemeOf(simple).self);
    expect(playerColour(simple, player(3, 1), 2)).toBe(schemeOf(simple).enemy);
  });
});

it("the colour-blind safe palette distinguishes the local player and enemies without green cones", () => {
  const scheme = schemeOf(values("deuteranopia"));
  const [self, enemy] = [deuteranope(scheme.self), deuteranope(scheme.enemy)];
  expect(
    Math.hypot(...self.map((value, index) => value - (enemy[index] ?? 0))),
  ).toBeGreaterThan(0.4);
});

it("a mix of two colours begins at one and ends at the other", () => {
  expect(mixColours(0x102030, 0xf0e0d0, 0)).toBe(0x102030);
  expect(mixColours(0x102030, 0xf0e0d0, 1)).toBe(0xf0e0d0);
  expect(mixColours(0x000000, 0xffffff, 0.5)).toBe(0x808080);
  expect(mixColours(0x102030, 0xf0e0d0, -0.3)).toBe(0x102030);
  expect(mixColours(0x102030, 0xf0e0d0, 1.4)).toBe(0xf0e0d0);
});

it("colours are written as CSS reads them", () => {
  expect(cssColour(0x00ff0a)).toBe("#00ff0a");
  expect(cssAlpha(0x010203, 0.5)).toBe("rgba(1, 2, 3, 0.5)");
});
