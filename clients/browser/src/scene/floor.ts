/**
 * Paints the floor of an arena: plates, seams, zones and the light that pads throw. Part of the
 * bake, done once a map.
 */
import { Pickup, TILE_UNITS, weaponOfPickup } from "../lexicon";
import type { Arena } from "../model";
import { cssAlpha, cssColour, mixColours, type ColourScheme } from "../styles/palette";

const PLATE_TILES = 4; // a brighter cross stands where four plates meet

export function paintFloor(
  context: CanvasRenderingContext2D,
  arena: Arena,
  scheme: ColourScheme,
  tilePx: number,
): void {
  context.fillStyle = cssColour(scheme.floor);
  context.fillRect(0, 0, arena.width * tilePx, arena.height * tilePx);
  paintPlates(context, arena, scheme, tilePx);
  paintZones(context, arena, scheme, tilePx);
  paintSeams(context, arena, scheme, tilePx);
  for (const pad of arena.pads) {
    const colour = padColour(scheme, pad.kind);
    paintLight(
      context, colour, (pad.x / TILE_UNITS) * tilePx, (pad.y / TILE_UNITS) * tilePx, tilePx,
    );
  }
}

/** The colour that stands for what lies on a pad. */
export function padColour(scheme: ColourScheme, kind: number): number {
  const weapon = weaponOfPickup(kind);
  if (weapon >= 0) return scheme.weapons[weapon] ?? scheme.accent;
  if (kind === Pickup.ARMOUR) return scheme.armour;
  if (kind === Pickup.DOUBLE) return scheme.double;
  return scheme.health;
}

/** A number that looks random, the same for the same tile: 0 … 255. */
export function tileNoise(column: number, row: number): number {
  let mixed = (column * 374_761_393 + row * 668_265_263) | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 13), 1_274_126_177);
  return (mixed ^ (mixed >>> 16)) & 255;
}

function paintPlates(
  context: CanvasRenderingContext2D,
  arena: Arena,
  scheme: ColourScheme,
  tilePx: number,
): void {
  for (let row = 0; row < arena.height; row += 1) {
    for (let column = 0; column < arena.width; column += 1) {
      const plate = tileNoise(column >> 2, row >> 2) / 255;
      const share = plate * 0.5 + (tileNoise(column, row) / 255) * 0.5;
      context.fillStyle =
        share > 0.5
          ? cssAlpha(scheme.floorLine, (share - 0.5) * 0.09)
          : cssAlpha(scheme.backdrop, (0.5 - share) * 0.5);
      context.fillRect(column * tilePx, row * tilePx, tilePx, tilePx);
    }
  }
}

/**
 * Zones are drawn by the map's floor layer: 1 and odd numbers cool, even ones warm; their borders
 * get a line.
 */
function paintZones(
  context: CanvasRenderingContext2D,
  arena: Arena,
  scheme: ColourScheme,
  tilePx: number,
): void {
  const zoneAt = (column: number, row: number): number =>
    column < 0 || row < 0 || column >= arena.width || row >= arena.height
      ? 0
      : (arena.floor[row * arena.width + column] ?? 0);
  for (let row = 0; row < arena.height; row += 1) {
    for (let column = 0; column < arena.width; column += 1) {
      const zone = zoneAt(column, row);
      if (zone === 0) continue;
      const colour = zoneColour(scheme, zone);
      const [x, y] = [column * tilePx, row * tilePx];
      context.fillStyle = cssAlpha(colour, 0.085);
      context.fillRect(x, y, tilePx, tilePx);
      context.fillStyle = cssAlpha(colour, 0.34);
      const line = Math.max(2, tilePx * 0.05);
      if (zoneAt(column, row - 1) !== zone) context.fillRect(x, y, tilePx, line);
      if (zoneAt(column, row + 1) !== zone) context.fillRect(x, y + tilePx - line, tilePx, line);
      if (zoneAt(column - 1, row) !== zone) context.fillRect(x, y, line, tilePx);
      if (zoneAt(column + 1, row) !== zone) context.fillRect(x + tilePx - line, y, line, tilePx);
    }
  }
}

function zoneColour(scheme: ColourScheme, zone: number): number {
  const colours = [scheme.accent, scheme.warm, scheme.armour, scheme.danger, scheme.double];
  return colours[(zone - 1) % colours.length] ?? scheme.accent;
}

function paintSeams(
  context: CanvasRenderingContext2D,
  arena: Arena,
  scheme: ColourScheme,
  tilePx: number,
): void {
  const [width, height] = [arena.width * tilePx, arena.height * tilePx];
  const dark = cssAlpha(scheme.backdrop, 0.5);
  const light = cssAlpha(scheme.floorLine, 0.07);
  for (let column = 0; column <= arena.width; column += 1) {
    const strong = column % PLATE_TILES === 0;
    context.fillStyle = strong ? dark : cssAlpha(scheme.backdrop, 0.16);
    context.fillRect(column * tilePx - 1, 0, strong ? 2 : 1, height);
    context.fillStyle = light;
    if (strong) context.fillRect(column * tilePx + 1, 0, 1, height);
  }
  for (let row = 0; row <= arena.height; row += 1) {
    const strong = row % PLATE_TILES === 0;
    context.fillStyle = strong ? dark : cssAlpha(scheme.backdrop, 0.16);
    context.fillRect(0, row * tilePx - 1, width, strong ? 2 : 1);
    context.fillStyle = light;
    if (strong) context.fillRect(0, row * tilePx + 1, width, 1);
  }
  context.fillStyle = cssAlpha(scheme.floorLine, 0.3);
  const arm = tilePx * 0.11;
  for (let row = PLATE_TILES; row < arena.height; row += PLATE_TILES) {
    for (let column = PLATE_TILES; column < arena.width; column += PLATE_TILES) {
      context.fillRect(column * tilePx - arm, row * tilePx - 1, arm * 2, 2);
      context.fillRect(column * tilePx - 1, row * tilePx - arm, 2, arm * 2);
    }
  }
}

function paintLight(
  context: CanvasRenderingContext2D,
  colour: number,
  x: number,
  y: number,
  tilePx: number,
): void {
  const radius = tilePx * 3.2;
  const gradient = context.createRadialGradient(x, y, 0, x, y, radius);
  const pale = mixColours(colour, 0xffffff, 0.15);
  gradient.addColorStop(0, cssAlpha(pale, 0.2));
  gradient.addColorStop(0.4, cssAlpha(pale, 0.075));
  gradient.addColorStop(1, cssAlpha(pale, 0));
  context.fillStyle = gradient;
  context.fillRect(x - radius, y - radius, radius * 2, radius * 2);
}
