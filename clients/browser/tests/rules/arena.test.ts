/** Maps as the server reads them: the real ones, and hand-made corners of the format. */
import { readdirSync, readFileSync } from "node:fs";

import { describe, expect, it } from "vitest";

import { MapError, openCells, parseArena } from "../../src/rules/arena";
import { hexOfBytes } from "../../src/net/hex";
import { PickupKind } from "../../src/wire/generated";
import { type MapVectors, readVectors } from "../vectors";

const folder = new URL("../../../../maps/", import.meta.url);
const files = readdirSync(folder).filter((file) => file.endsWith(".tmj"));

function tiled(part: Record<string, unknown> = {}, pickups: unknown[] = []): string {
  const walls = [
    1, 1, 1, 1, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0x8000_0001, 1, 1, 0, 0, 0, 1, 1, 1, 1, 1, 1,
  ];
  return JSON.stringify({
    ...{ width: 5, height: 5, tilewidth: 32, tileheight: 32 },
    layers: [
      { name: "walls", type: "tilelayer", data: walls },
      { name: "pickups", type: "objectgroup", objects: pickups },
    ],
    properties: [{ name: "title", type: "string", value: "Box" }],
    ...part,
  });
}

describe("the maps of the game", () => {
  it.each(files)("%s is closed and has its pads on free ground", (file) => {
    const arena = parseArena(readFileSync(new URL(file, folder), "utf8"), file.replace(".tmj", ""));
    const { width, height, walls, pads } = arena;
    for (let column = 0; column < width; column += 1) {
      expect([walls[column], walls[(height - 1) * width + column]]).toEqual([1, 1]);
    }
    for (let row = 0; row < height; row += 1) {
      expect([walls[row * width], walls[row * width + width - 1]]).toEqual([1, 1]);
    }
    expect(pads.length).toBeGreaterThan(3);
    for (const pad of pads) expect(walls[(pad.y >> 10) * width + (pad.x >> 10)]).toBe(0);
    expect(arena.title).not.toBe("");
  });
});

describe("a map as Tiled may write it", () => {
  it.each(readVectors<MapVectors>("maps").maps)("is what the server reads ($#)", (row) => {
    const { walls, floor, pads } = parseArena(row.text, "drawn");
    expect(hexOfBytes(walls)).toBe(row.walls);
    expect(hexOfBytes(floor)).toBe(row.floor);
    expect(pads.map(({ kind, x, y }) => [kind, x, y])).toEqual(row.pads);
  });
});

describe("a map", () => {
  it("has a wall for every tile but none, flipped or not", () => {
    const { walls } = parseArena(tiled(), "box");
    expect([walls[6], walls[13]]).toEqual([0, 1]);
  });

  it("has open cells only where all nine are free", () => {
    const walls = new Uint8Array(36).map((_, at) =>
      at % 6 === 0 || at % 6 === 5 || at < 6 || at > 29 ? 1 : 0,
    );
    const open = openCells(walls, 6, 6);
    expect([...open].flatMap((one, at) => (one === 1 ? [at] : []))).toEqual([14, 15, 20, 21]);
  });

  it("has its pads at the centre of points, rectangles and tile objects", () => {
    const pickups = [
      { name: "health", x: 48, y: 48 },
      { name: "", type: "ammo_rail", x: 32, y: 64, width: 32, height: 32 },
      { name: "odd", class: "mega", gid: 3, x: 64, y: 128, width: 32, height: 32 },
      { name: "armour", x: 33.333, y: 40 },
    ];
    expect(parseArena(tiled({}, pickups), "box").pads).toEqual([
      { kind: PickupKind.HEALTH, x: 1_536, y: 1_536 },
      { kind: PickupKind.AMMO_RAIL, x: 1_536, y: 2_560 },
      { kind: PickupKind.MEGA, x: 2_560, y: 3_584 },
      { kind: PickupKind.ARMOUR, x: 1_066, y: 1_280 },
    ]);
  });

  it.each([
    ["no JSON", "{"],
    ["no object", "[]"],
    ["no layers", tiled({ layers: [] })],
    ["the wrong size", tiled({ width: 6 })],
    ["a size out of reach", tiled({ width: 1e9 })],
    ["an unknown pickup", tiled({}, [{ name: "cake", x: 1, y: 1 }])],
  ])("with %s raises MapError", (_, text) => {
    expect(() => parseArena(text, "box")).toThrow(MapError);
  });
});
