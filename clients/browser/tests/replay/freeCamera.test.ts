import { describe, expect, it } from "vitest";
import { TILE_UNITS } from "../../src/lexicon";
import { FreeCamera } from "../../src/replay/freeCamera";
import { seededDice } from "../fakes";
import { HALL } from "../rules/grounds";

const SCREEN = { width: 800, height: 600 };

describe("the free camera", () => {
  it("begins with the whole map, or at the followed player", () => {
    const camera = new FreeCamera();
    camera.turnOn(HALL, SCREEN, null);
    expect(camera.current).toMatchObject({ x: (HALL.width * TILE_UNITS) / 2 });
    camera.turnOn(HALL, SCREEN, { x: 3_000, y: 4_000 });
    expect(camera.current).toMatchObject({ x: 3_000, y: 4_000 });
    camera.turnOff();
    expect(camera.isOn).toBe(false);
  });

  it("keeps what is under the pointer there while it comes closer", () => {
    const camera = new FreeCamera();
    camera.turnOn(HALL, SCREEN, null);
    const from = { x: 100, y: -50 };
    const under = (): { x: number; y: number } => {
      const view = camera.current ?? { x: 0, y: 0, pxPerTile: 1 };
      const scale = TILE_UNITS / view.pxPerTile;
      return { x: view.x + from.x * scale, y: view.y + from.y * scale };
    };
    const before = under();
    camera.zoom(1.2, from, HALL, SCREEN);
    expect(under().x).toBeCloseTo(before.x, 3);
    expect(under().y).toBeCloseTo(before.y, 3);
  });

  it("stays on the map, whatever is dragged", () => {
    const dice = seededDice(9);
    const camera = new FreeCamera();
    camera.turnOn(HALL, SCREEN, null);
    for (let count = 0; count < 300; count += 1) {
      camera.drag((dice() - 0.5) * 900, (dice() - 0.5) * 900, HALL);
      camera.zoom(0.3 + dice() * 3, { x: dice() * 400, y: dice() * 300 }, HALL, SCREEN);
      const { x = -1, y = -1, pxPerTile = 0 } = camera.current ?? {};
      expect(x).toBeGreaterThanOrEqual(0);
      expect(x).toBeLessThanOrEqual(HALL.width * TILE_UNITS);
      expect(y).toBeGreaterThanOrEqual(0);
      expect(y).toBeLessThanOrEqual(HALL.height * TILE_UNITS);
      expect(pxPerTile).toBeGreaterThan(0);
    }
  });
});
