/** The browser's movement against Python's, bit for bit. */
import { describe, expect, it } from "vitest";

import { move, type Body } from "../../src/rules/movement";
import { readVectors, type MovementVectors } from "../vectors";
import { arenaOf } from "./grounds";

const vectors = readVectors<MovementVectors>("movement");
const probe = arenaOf(vectors.plan);

function still(x: number, y: number): Body {
  const rest = { vx: 0, vy: 0, dashVx: 0, dashVy: 0, dashUntilTick: 0, dashReadyTick: 0 };
  return { x, y, ...rest, buttons: 0, aim: 0 };
}

describe("movement", () => {
  it("walks every golden walk as Python did", () => {
    expect(vectors.walks.length).toBeGreaterThan(100);
    for (const [number, walk] of vectors.walks.entries()) {
      const [x = 0, y = 0, vx = 0, vy = 0] = walk.start;
      const body: Body = { ...still(x, y), vx, vy };
      walk.steps.forEach(([buttons = 0, aim = 0, ...expected], index) => {
        Object.assign(body, { buttons, aim });
        move(body, probe, index + 1);
        const { dashVx, dashVy, dashUntilTick, dashReadyTick } = body;
        const came = [
          body.x,
          body.y,
          body.vx,
          body.vy,
          dashVx,
          dashVy,
          dashUntilTick,
          dashReadyTick,
        ];
        expect([number, index + 1, ...came]).toEqual([number, index + 1, ...expected]);
      });
    }
  });
});
