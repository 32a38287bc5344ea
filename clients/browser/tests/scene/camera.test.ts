/** The camera looks where the player is, and the pointer points where it seems to. */
import { describe, expect, it } from "vitest";

import type { Arena } from "../../src/model";
import { Camera, PX_PER_UNIT, TILE_PX } from "../../src/scene/camera";
import { seededDice } from "../fakes";

const TILE = 1024;
const FRAME_MS = 1000 / 60;

function arena(width = 60, height = 40): Arena {
  const cells = new Uint8Array(width * height);
  return {
    name: "", title: "", width, height, walls: cells, openCells: cells, floor: cells, pads: [],
    flags: [],
  };
}

function settled(
  camera: Camera,
  target: { x: number; y: number },
  pointer: { x: number; y: number } | null,
): void {
  for (let frame = 0; frame < 180; frame += 1) camera.follow(target, pointer, arena(), FRAME_MS);
}

function cameraOf(width: number, height: number): Camera {
  const camera = new Camera();
  camera.resize(width, height);
  return camera;
}

describe("the camera", () => {
  const middle = { x: 30 * TILE, y: 20 * TILE };

  it("shows about 26 tiles across on a common screen, and fewer on a phone", () => {
    const wide = cameraOf(1280, 720);
    settled(wide, middle, null);
    expect(1280 / (wide.zoom * TILE_PX)).toBeCloseTo(26, 0);
    const phone = cameraOf(390, 844);
    settled(phone, middle, null);
    expect(390 / (phone.zoom * TILE_PX)).toBeLessThan(13);
  });

  it("finds the place under a pixel that it draws at this pixel", () => {
    const dice = seededDice(7);
    const camera = cameraOf(1280, 720);
    settled(camera, middle, { x: 900, y: 100 });
    for (let index = 0; index < 50; index += 1) {
      const [x, y] = [dice() * 1280, dice() * 720];
      const world = camera.worldAt(x, y);
      expect(world.x * PX_PER_UNIT * camera.zoom + camera.offset.x).toBeCloseTo(x, 6);
      expect(world.y * PX_PER_UNIT * camera.zoom + camera.offset.y).toBeCloseTo(y, 6);
    }
  });

  it("leads towards the pointer, and comes to rest there", () => {
    const camera = cameraOf(1280, 720);
    settled(camera, middle, { x: 1280, y: 360 });
    const resting = camera.x;
    expect(resting).toBeGreaterThan(30 * TILE_PX + 50);
    settled(camera, middle, { x: 1280, y: 360 });
    expect(camera.x).toBeCloseTo(resting, 3);
  });

  it("never leaves the map far behind", () => {
    for (const corner of [{ x: 0, y: 0 }, { x: 60 * TILE, y: 40 * TILE }]) {
      const camera = cameraOf(1280, 720);
      settled(camera, corner, null);
      const topLeft = camera.worldAt(0, 0);
      const bottomRight = camera.worldAt(1280, 720);
      expect(topLeft.x).toBeGreaterThan(-4 * TILE);
      expect(topLeft.y).toBeGreaterThan(-4 * TILE);
      expect(bottomRight.x).toBeLessThan(64 * TILE);
      expect(bottomRight.y).toBeLessThan(44 * TILE);
    }
  });

  it("jumps to a new place instead of flying there", () => {
    const camera = cameraOf(1280, 720);
    settled(camera, { x: 20 * TILE, y: 20 * TILE }, null);
    camera.follow({ x: 40 * TILE, y: 20 * TILE }, null, arena(), FRAME_MS);
    expect(camera.x).toBeCloseTo(40 * TILE_PX, 6);
  });

  it("shows the whole map when no player is followed", () => {
    const camera = cameraOf(1280, 720);
    camera.showWholeMap(arena());
    for (const x of [0, 60]) {
      for (const y of [0, 40]) expect(camera.sees(x * TILE_PX, y * TILE_PX, 0)).toBe(true);
    }
  });

  it("does not move the aim when it shakes, and comes to rest", () => {
    const camera = cameraOf(1280, 720);
    settled(camera, middle, null);
    const before = camera.worldAt(100, 100);
    for (let blast = 0; blast < 20; blast += 1) camera.shake(1);
    camera.settle(FRAME_MS, 1234);
    expect(Math.hypot(camera.shakeX, camera.shakeY)).toBeGreaterThan(0);
    expect(Math.hypot(camera.shakeX, camera.shakeY)).toBeLessThan(22);
    expect(camera.worldAt(100, 100)).toEqual(before);
    for (let frame = 0; frame < 90; frame += 1) camera.settle(FRAME_MS, frame);
    expect([camera.shakeX, camera.shakeY].map(Math.abs)).toEqual([0, 0]);
  });
});
