/**
 * The world that never moves, painted once a map and palette into one texture: floor, zones, walls,
 * shadows.
 *
 * Owns: that texture and its sprite. Invariant: no side is longer than `TEXTURE_SIDE_PX_MAX`, which
 * every WebGL 2 device can hold; larger maps are painted with fewer pixels a tile.
 */
import { CanvasSource, Container, Sprite, Texture } from "pixi.js";

import type { Arena } from "../model";
import type { ColourScheme } from "../styles/palette";
import { TILE_PX } from "./camera";
import { paintFloor } from "./floor";
import { paintWalls } from "./walls";

const TEXTURE_SIDE_PX_MAX = 4096;

export class Ground {
  readonly container = new Container();
  private painted: { arena: Arena; scheme: ColourScheme } | null = null;
  private texture: Texture | null = null;

  /**
   * Paints again only when the arena or the palette changed, with at most `tilePxMax` painted
   * pixels to a tile: more than the screen shows would only take time, to bring them to the
   * graphics card and to read them there.
   */
  show(arena: Arena, scheme: ColourScheme, tilePxMax: number): void {
    if (this.painted?.arena === arena && this.painted.scheme === scheme) return;
    this.clear();
    const side = Math.max(arena.width, arena.height);
    const tilePx = Math.min(tilePxMax, Math.floor(TEXTURE_SIDE_PX_MAX / side));
    const canvas = document.createElement("canvas");
    canvas.width = arena.width * tilePx;
    canvas.height = arena.height * tilePx;
    const context = canvas.getContext("2d", { alpha: false, willReadFrequently: true });
    if (context === null) return;
    paintFloor(context, arena, scheme, tilePx);
    paintWalls(context, arena, scheme, tilePx);
    this.texture = new Texture({
      source: new CanvasSource({ resource: canvas, alphaMode: "no-premultiply-alpha" }),
    });
    const sprite = new Sprite(this.texture);
    sprite.scale.set(TILE_PX / tilePx);
    this.container.addChild(sprite);
    this.painted = { arena, scheme };
  }

  clear(): void {
    for (const child of this.container.removeChildren()) child.destroy();
    this.texture?.destroy(true);
    this.texture = null;
    this.painted = null;
  }
}
