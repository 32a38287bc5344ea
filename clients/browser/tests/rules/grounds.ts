/** Small arenas for tests, from drawings: `#` is a wall. */
import type { Arena } from "../../src/model";
import { openCells } from "../../src/rules/arena";

export function arenaOf(plan: readonly string[], name = "drawing"): Arena {
  const width = plan[0]?.length ?? 0;
  const height = plan.length;
  const walls = Uint8Array.from([...plan.join("")], (tile) => (tile === "#" ? 1 : 0));
  return {
    ...{ name, title: name, width, height, walls },
    openCells: openCells(walls, width, height),
    floor: new Uint8Array(width * height),
    pads: [],
    flags: [],
  };
}

export const HALL = arenaOf([
  "####################",
  "#..................#",
  "#..................#",
  "#....##............#",
  "#....##......#.....#",
  "#............#.....#",
  "#..................#",
  "#..................#",
  "####################",
]);
