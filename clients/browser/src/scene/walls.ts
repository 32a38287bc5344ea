/**
 * Paints the walls of an arena: raised blocks with a lit top, a face towards the viewer and a
 * shadow on the floor.
 *
 * Invariant: all that looks solid lies inside the wall tiles; the face takes the lower part of its
 * own tile, so that what stops a player is exactly what they see.
 */
import type { Arena } from "../model";
import { cssAlpha, cssColour, mixColours, type ColourScheme } from "../styles/palette";
import { tileNoise } from "./floor";

const FACE_TILES = 0.3;

interface WallBrush {
  context: CanvasRenderingContext2D;
  arena: Arena;
  scheme: ColourScheme;
  tilePx: number;
}

export function paintWalls(
  context: CanvasRenderingContext2D,
  arena: Arena,
  scheme: ColourScheme,
  tilePx: number,
): void {
  const brush: WallBrush = { context, arena, scheme, tilePx };
  paintShadows(brush);
  eachWall(brush, paintBlock);
  eachWall(brush, paintEdges);
}

export function isWall(arena: Arena, column: number, row: number): boolean {
  if (column < 0 || row < 0 || column >= arena.width || row >= arena.height) return true;
  return arena.walls[row * arena.width + column] === 1;
}

function eachWall(
  brush: WallBrush,
  paint: (brush: WallBrush, column: number, row: number) => void,
): void {
  for (let row = 0; row < brush.arena.height; row += 1) {
    for (let column = 0; column < brush.arena.width; column += 1) {
      if (isWall(brush.arena, column, row)) paint(brush, column, row);
    }
  }
}

/** One soft shadow all around for weight, and a longer one down to the right for height. */
function paintShadows(brush: WallBrush): void {
  const { context, tilePx } = brush;
  const outline = new Path2D();
  eachWall(brush, (_, column, row) => {
    outline.rect(column * tilePx, row * tilePx, tilePx, tilePx);
  });
  context.save();
  context.fillStyle = "#000";
  context.shadowColor = "rgba(0,0,0,0.75)";
  context.shadowBlur = tilePx * 0.5;
  context.fill(outline);
  context.shadowColor = "rgba(0,0,0,0.6)";
  context.shadowBlur = tilePx * 0.22;
  context.shadowOffsetX = tilePx * 0.2;
  context.shadowOffsetY = tilePx * 0.3;
  context.fill(outline);
  context.restore();
}

/** Rock with no floor around it sinks into the dark: the arena stands out of it. */
function depthOf(arena: Arena, column: number, row: number): number {
  for (let radius = 1; radius <= 2; radius += 1) {
    for (let down = -radius; down <= radius; down += 1) {
      for (let right = -radius; right <= radius; right += 1) {
        if (!isWall(arena, column + right, row + down)) return radius - 1;
      }
    }
  }
  return 2;
}

function paintBlock(brush: WallBrush, column: number, row: number): void {
  const { context, arena, scheme, tilePx } = brush;
  const [x, y] = [column * tilePx, row * tilePx];
  const depth = depthOf(arena, column, row);
  const top = mixColours(scheme.wallTop, scheme.deep, [0, 0.1, 0.92][depth] ?? 0);
  const noise = (tileNoise(column, row) / 255) * 0.1 - 0.05;
  context.fillStyle = cssColour(mixColours(top, noise > 0 ? 0xffffff : 0x000000, Math.abs(noise)));
  context.fillRect(x, y, tilePx + 0.5, tilePx + 0.5);
  if (depth === 0) {
    context.strokeStyle = cssAlpha(scheme.wallEdge, 0.1);
    context.lineWidth = 1;
    const inset = tilePx * 0.16;
    context.strokeRect(x + inset, y + inset, tilePx - inset * 2, tilePx - inset * 2);
  }
  if (!isWall(arena, column, row + 1)) paintFace(brush, x, y + tilePx * (1 - FACE_TILES));
}

function paintFace(brush: WallBrush, x: number, y: number): void {
  const { context, scheme, tilePx } = brush;
  const height = tilePx * FACE_TILES;
  const gradient = context.createLinearGradient(0, y, 0, y + height);
  gradient.addColorStop(0, cssColour(mixColours(scheme.wallFace, scheme.wallEdge, 0.12)));
  gradient.addColorStop(1, cssColour(mixColours(scheme.wallFace, 0x000000, 0.45)));
  context.fillStyle = gradient;
  context.fillRect(x, y, tilePx, height);
  context.fillStyle = cssAlpha(scheme.accent, 0.5);
  context.fillRect(
    x + tilePx * 0.38, y + height * 0.42, tilePx * 0.24, Math.max(2, tilePx * 0.045),
  );
  context.fillStyle = cssAlpha(scheme.accent, 0.08);
  context.fillRect(x + tilePx * 0.2, y + height * 0.2, tilePx * 0.6, height * 0.6);
}

function paintEdges(brush: WallBrush, column: number, row: number): void {
  const { context, arena, scheme, tilePx } = brush;
  const [x, y] = [column * tilePx, row * tilePx];
  const line = Math.max(2, Math.round(tilePx * 0.055));
  const open = (right: number, down: number): boolean => !isWall(arena, column + right, row + down);
  const bright = cssAlpha(scheme.wallEdge, 0.85);
  context.fillStyle = bright;
  if (open(0, -1)) context.fillRect(x, y, tilePx, line);
  if (open(0, 1)) context.fillRect(x, y + tilePx * (1 - FACE_TILES) - line, tilePx, line);
  const sideHeight = open(0, 1) ? tilePx * (1 - FACE_TILES) : tilePx;
  if (open(-1, 0)) context.fillRect(x, y, line, sideHeight);
  context.fillStyle = cssAlpha(scheme.wallEdge, 0.5);
  if (open(1, 0)) context.fillRect(x + tilePx - line, y, line, sideHeight);
}
