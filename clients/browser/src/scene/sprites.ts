/** Small tools for layers that are made of the atlas' cells. */
import { Sprite, type Container } from "pixi.js";

import type { Atlas } from "./atlas";

/** A sprite of one cell, about its middle. */
export function spriteOf(atlas: Atlas, cell: string, scale: number, parent: Container): Sprite {
  const sprite = new Sprite(atlas.cell(cell));
  sprite.anchor.set(0.5);
  sprite.scale.set(scale);
  parent.addChild(sprite);
  return sprite;
}
