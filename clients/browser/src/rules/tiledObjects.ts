/**
 * The positions of a Tiled map's objects, read as the server does (game/tiled_objects.py).
 *
 * Owns: pixels as numbers, the alignment of tile objects, which tileset a tile is of. Must not know:
 * layers. Invariant: for a map that the server found good, every number equals the server's.
 */
import { TILE_UNITS } from "../wire/generated";
import { floorDivide } from "./integers";

export type Json = Record<string, unknown>;

const GID_MASK = 0x0fff_ffff; // the upper four bits say how the tile is flipped and turned

/** How many halves of the size the centre is right of and below the position. */
type Alignment = readonly [across: number, down: number];
const NO_TILE: Alignment = [1, 1];
const BOTTOM_LEFT: Alignment = [1, -1];
const ALIGNMENTS = new Map<unknown, Alignment>([
  ["topleft", [1, 1]],
  ["top", [0, 1]],
  ["topright", [-1, 1]],
  ["left", [1, 0]],
  ["center", [0, 0]],
  ["right", [-1, 0]],
  ["bottomleft", BOTTOM_LEFT],
  ["bottom", [0, -1]],
  ["bottomright", [-1, -1]],
]);

/** The tilesets of a map. */
export class Tilesets {
  private readonly known: { firstGid: number; alignment: Alignment }[];

  constructor(map: Json) {
    this.known = jsonObjects(map["tilesets"]).map((one) => ({
      firstGid: Number(one["firstgid"]),
      alignment: ALIGNMENTS.get(one["objectalignment"]) ?? BOTTOM_LEFT,
    }));
    this.known.sort((one, other) => other.firstGid - one.firstGid);
  }

  /** A tile's place in its tileset, counted from 1; 0 is no tile. */
  placeOf(gid: number): number {
    const number = gid & GID_MASK;
    return number - ((this.of(number)?.firstGid ?? 1) - 1);
  }

  /** The centre of a point, a rectangle or a tile object, in units. */
  centre(entry: Json, tilePixels: number): { x: number; y: number } {
    const gid = entry["gid"];
    const [across, down] =
      typeof gid === "number" ? (this.of(gid & GID_MASK)?.alignment ?? BOTTOM_LEFT) : NO_TILE;
    const scale = 2 * 1000 * tilePixels;
    const x = 2 * thousandths(entry["x"]) + across * thousandths(entry["width"]);
    const y = 2 * thousandths(entry["y"]) + down * thousandths(entry["height"]);
    return { x: floorDivide(x * TILE_UNITS, scale), y: floorDivide(y * TILE_UNITS, scale) };
  }

  private of(number: number): { firstGid: number; alignment: Alignment } | undefined {
    return this.known.find((one) => one.firstGid <= number);
  }
}

/** The elements of a list that are JSON objects; none if it is not a list. */
export function jsonObjects(value: unknown): Json[] {
  return Array.isArray(value) ? value.filter(isJson) : [];
}

export function isJson(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * Pixels in thousandths, rounded down, of the shortest decimal that means `value`. A quotient of
 * whole numbers is the double nearest to that decimal, and no two decimals of so few digits share
 * one, so comparing the doubles compares the decimals.
 */
function thousandths(value: unknown): number {
  if (typeof value !== "number") return 0;
  let low = Math.trunc(value * 1000) - 2;
  while ((low + 1) / 1000 <= value) low += 1;
  return low;
}
