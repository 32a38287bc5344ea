/**
 * Lines against the tile grid, exactly, in integers: `trace` of game/collision.py.
 *
 * Owns: how far a line gets. Must not know: who asks. It is used only for drawing (the local
 * player's rail beam, shots ahead of the last snapshot), yet it is the same line as the server's.
 */
import { TILE_SHIFT, TILE_UNITS } from "../wire/generated";
import { floorDivide } from "./integers";
import type { Ground } from "./movement";

export interface Traced {
  x: number; // where the line ends: its own end, or the last free point before a wall
  y: number;
  blocked: boolean;
  axis: number; // which way the wall faces: a bounce reverses that speed
}

export const NO_AXIS = 0;
export const X_AXIS = 1;
export const Y_AXIS = 2;
export const BOTH_AXES = 3;

/** Follow the line from (x, y) to (x2, y2); all integers, and the start inside the map. */
export function trace(ground: Ground, x: number, y: number, x2: number, y2: number): Traced {
  const dx = x2 - x;
  const dy = y2 - y;
  const turnX = dx > 0 ? 1 : -1;
  const turnY = dy > 0 ? 1 : -1;
  let column = x >> TILE_SHIFT;
  let row = y >> TILE_SHIFT;
  const lastColumn = x2 >> TILE_SHIFT;
  const lastRow = y2 >> TILE_SHIFT;
  if (isWall(ground, column, row)) return { x, y, blocked: true, axis: NO_AXIS };
  while (column !== lastColumn || row !== lastRow) {
    // Distances to the next tile border along each axis; the nearer in time is crossed first.
    const borderX = (column + (dx > 0 ? 1 : 0)) << TILE_SHIFT;
    const borderY = (row + (dy > 0 ? 1 : 0)) << TILE_SHIFT;
    const timeX = column !== lastColumn ? Math.abs(borderX - x) * Math.abs(dy) : Infinity;
    const timeY = row !== lastRow ? Math.abs(borderY - y) * Math.abs(dx) : Infinity;
    const crossesX = timeX <= timeY;
    const crossesY = timeY <= timeX;
    const besideX = crossesX && isWall(ground, column + turnX, row);
    const besideY = crossesY && isWall(ground, column, row + turnY);
    const ahead = crossesX && crossesY && isWall(ground, column + turnX, row + turnY);
    if (besideX || besideY || ahead) {
      const hitX = crossesX
        ? borderX - (dx > 0 ? 1 : 0)
        : x + floorDivide(dx * Math.abs(borderY - y), Math.abs(dy));
      const hitY = crossesX
        ? y + floorDivide(dy * Math.abs(borderX - x), Math.abs(dx))
        : borderY - (dy > 0 ? 1 : 0);
      const beside = (besideX ? X_AXIS : NO_AXIS) | (besideY ? Y_AXIS : NO_AXIS);
      const axis = beside === NO_AXIS ? BOTH_AXES : beside;
      return { x: within(hitX, column), y: within(hitY, row), blocked: true, axis };
    }
    if (crossesX) column += turnX;
    if (crossesY) row += turnY;
  }
  return { x: x2, y: y2, blocked: false, axis: NO_AXIS };
}

/** Everything outside the map is wall. */
function isWall(ground: Ground, column: number, row: number): boolean {
  if (column < 0 || row < 0 || column >= ground.width) return true;
  // Below the last row there is nothing, so wall.
  return ground.walls[row * ground.width + column] !== 0;
}

/** The nearest coordinate inside a tile: rounding must not carry a hit over its border. */
function within(value: number, tile: number): number {
  const low = tile << TILE_SHIFT;
  return Math.min(Math.max(value, low), low + TILE_UNITS - 1);
}
