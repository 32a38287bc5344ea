/**
 * Reads a Tiled map as the server does (game/tiled.py), for maps that the server found good.
 *
 * Owns: reading walls, looks and pads from the JSON. Must not know: the network. Invariant: `walls`
 * and `openCells` equal the server's byte for byte; a text that is no map raises only `MapError`.
 */
import type { Arena } from "../model";
import { PickupKind, TEAMS } from "../wire/generated";
import { isJson, type Json, jsonObjects, Tilesets } from "./tiledObjects";

export class MapError extends Error {}

const SIDE_TILES_MAX = 256;

/** The map called `name` from the text of its .tmj file. */
export function parseArena(text: string, name: string): Arena {
  const map = parseJson(text);
  const width = side(map, "width");
  const height = side(map, "height");
  const tilesets = new Tilesets(map);
  const places = (from: Json) => tiles(from, width * height).map((gid) => tilesets.placeOf(gid));
  const walls = places(layer(map, "walls")).map((place) => (place === 0 ? 0 : 1));
  const tilePixels = side(map, "tilewidth", 1024);
  const floorLayer = findLayer(map, "floor");
  const flagLayer = findLayer(map, "flags");
  const floor =
    floorLayer === null
      ? new Uint8Array(width * height)
      : places(floorLayer).map((place) => Math.min(place, 255));
  return {
    name,
    title: titleOf(map) ?? name,
    width,
    height,
    walls: Uint8Array.from(walls),
    openCells: openCells(Uint8Array.from(walls), width, height),
    floor: Uint8Array.from(floor),
    pads: jsonObjects(layer(map, "pickups")["objects"]).map((entry) => ({
      kind: named(entry, kindOf, "pickup"),
      ...tilesets.centre(entry, tilePixels),
    })),
    flags: jsonObjects(flagLayer?.["objects"])
      .map((entry) => ({ team: named(entry, teamOf, "flag"), ...tilesets.centre(entry, tilePixels) }))
      .sort((one, other) => one.team - other.team),
  };
}

/** 1 where the tile and its eight neighbours are all free; what lies outside counts as wall. */
export function openCells(walls: Uint8Array, width: number, height: number): Uint8Array {
  const open = new Uint8Array(width * height);
  for (let row = 1; row < height - 1; row += 1) {
    for (let column = 1; column < width - 1; column += 1) {
      const cell = row * width + column;
      let touching = 0;
      for (const above of [cell - width, cell, cell + width]) {
        touching += (walls[above - 1] ?? 1) + (walls[above] ?? 1) + (walls[above + 1] ?? 1);
      }
      open[cell] = touching === 0 ? 1 : 0;
    }
  }
  return open;
}

function parseJson(text: string): Json {
  try {
    const parsed: unknown = JSON.parse(text);
    if (isJson(parsed)) return parsed;
  } catch {
    // Falls through to the one error this file raises.
  }
  throw new MapError("the map is not JSON");
}

function side(map: Json, key: string, most = SIDE_TILES_MAX): number {
  const value = map[key];
  if (typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= most) {
    return value;
  }
  throw new MapError(`the map's ${key} is not a whole number of 1 to ${most.toString()}`);
}

function findLayer(map: Json, name: string): Json | null {
  const layers = map["layers"];
  const found: unknown = Array.isArray(layers)
    ? layers.find((one) => isJson(one) && one["name"] === name)
    : null;
  return isJson(found) ? found : null;
}

function layer(map: Json, name: string): Json {
  const found = findLayer(map, name);
  if (found === null) throw new MapError(`the map has no layer ${name}`);
  return found;
}

function tiles(from: Json, count: number): number[] {
  const gids: unknown = from["data"];
  if (!Array.isArray(gids) || gids.length !== count) {
    throw new MapError("a layer does not have the size of the map");
  }
  return gids.map((gid: unknown) => (typeof gid === "number" ? gid : 0));
}

/** The kind of an object, by its name or its class. */
function named(entry: Json, lookUp: (name: string) => number | undefined, what: string): number {
  const known = [entry["name"], entry["class"], entry["type"]]
    .map((name) => (typeof name === "string" ? lookUp(name) : undefined))
    .find((number) => number !== undefined);
  if (known === undefined) throw new MapError(`the map has a ${what} of an unknown kind`);
  return known;
}

/** The number of a pickup by its name as maps write it, in small letters. */
function kindOf(name: string): number | undefined {
  return Object.entries(PickupKind).find(([key]) => key.toLowerCase() === name)?.[1];
}

/** The number of a team by its name as maps write it. */
function teamOf(name: string): number | undefined {
  const index = TEAMS.findIndex((team) => team === name);
  return index < 0 ? undefined : index + 1;
}

function titleOf(map: Json): string | null {
  const title = jsonObjects(map["properties"]).find((one) => one["name"] === "title")?.["value"];
  return typeof title === "string" ? title : null;
}
