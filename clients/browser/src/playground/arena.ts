/**
 * A made-up arena for the playground: point-symmetric rooms and pillars, every kind of pad, floor
 * zones.
 */
import { TILE_UNITS } from "../lexicon";
import type { Arena } from "../model";

const WIDTH = 48;
const HEIGHT = 36;
// Column, row, width, height of blocks in the upper half; the lower half mirrors them through the
// middle.
const BLOCKS: [number, number, number, number][] = [
  [6, 5, 5, 2], [6, 7, 2, 4], [16, 3, 2, 6], [21, 6, 6, 2], [30, 4, 2, 5], [36, 5, 6, 2],
  [40, 7, 2, 4],
  [12, 12, 3, 3], [20, 12, 2, 2], [26, 12, 2, 2], [33, 11, 4, 2], [4, 15, 4, 2], [16, 16, 1, 4],
  [43, 14, 2, 3],
];
const PADS: [number, number, number][] = [
  [1, 24, 18], [3, 24, 10], [2, 9, 9], [0, 13, 8], [0, 34, 8], [11, 19, 4], [12, 38, 9],
  [13, 28, 15], [14, 4, 13],
];

export function playgroundArena(): Arena {
  const walls = new Uint8Array(WIDTH * HEIGHT);
  const floor = new Uint8Array(WIDTH * HEIGHT);
  for (let column = 0; column < WIDTH; column += 1) {
    for (let row = 0; row < HEIGHT; row += 1) {
      const border = column < 2 || row < 2 || column >= WIDTH - 2 || row >= HEIGHT - 2;
      if (border) walls[row * WIDTH + column] = 1;
      if (Math.abs(column - 23.5) < 4 && Math.abs(row - 17.5) < 3) floor[row * WIDTH + column] = 1;
      if (column > 7 && column < 13 && row > 7 && row < 11) floor[row * WIDTH + column] = 2;
      if (column > 34 && column < 40 && row > 24 && row < 28) floor[row * WIDTH + column] = 2;
    }
  }
  for (const [left, top, width, height] of BLOCKS) {
    for (let column = left; column < left + width; column += 1) {
      for (let row = top; row < top + height; row += 1) {
        walls[row * WIDTH + column] = 1;
        walls[(HEIGHT - 1 - row) * WIDTH + (WIDTH - 1 - column)] = 1;
      }
    }
  }
  const middle = (tile: number): number => tile * TILE_UNITS + TILE_UNITS / 2;
  return {
    name: "playground",
    title: "Playground",
    width: WIDTH,
    height: HEIGHT,
    walls,
    openCells: new Uint8Array(WIDTH * HEIGHT),
    floor,
    flags: [
      { team: 1, x: middle(9), y: middle(26) },
      { team: 2, x: middle(38), y: middle(9) },
    ],
    pads: PADS.flatMap(([kind, column, row]) => {
      const pad = { kind, x: middle(column), y: middle(row) };
      if (kind === 1 || kind === 3) return [{ ...pad, x: column * TILE_UNITS }];
      return [pad, { kind, x: middle(WIDTH - 1 - column), y: middle(HEIGHT - 1 - row) }];
    }),
  };
}
