/**
 * The circle that closes: its edge, what lies outside of it in shade, and where it will end.
 *
 * Owns: pools of sprites of a fixed size. Must not know what being outside costs. Invariant: only
 * what is on the screen is drawn, however large the circle is.
 */
import { Container, Sprite, Texture } from "pixi.js";

import type { Disc } from "../model";
import type { Atlas } from "./atlas";
import { PX_PER_UNIT, TILE_PX } from "./camera";
import type { DrawContext } from "./context";

const PIECES_MAX = 192;
const PIECE_PX = 40;
const EDGE_PX = 10;
const NEXT_EDGE_PX = 4;
const STRIPS_MAX = 96; // of shade on either side
const STRIP_PX = TILE_PX / 6;
const SHADE_OPACITY = 0.34;

export class CircleLayer {
  readonly container = new Container();
  private readonly shade: Pool;
  private readonly edge: Pool;
  private readonly next: Pool;

  constructor(atlas: Atlas) {
    // No cell of the atlas: what is drawn side by side must have no soft border.
    this.shade = new Pool(Texture.WHITE, 2 * STRIPS_MAX, this.container);
    this.next = new Pool(atlas.cell("edge"), PIECES_MAX / 2, this.container);
    this.edge = new Pool(atlas.cell("edge"), PIECES_MAX, this.container);
  }

  draw(context: DrawContext): void {
    const { circle, tick, nowMs } = context.frame;
    this.container.visible = circle !== null;
    if (circle === null) return;
    const { scheme, values } = context;
    const closing = tick > circle.beginTick && tick < circle.endTick;
    const pulse = values.reducedMotion || !closing ? 1 : 0.8 + Math.sin(nowMs / 140) * 0.2;
    this.drawShade(circle.now, context);
    const edge = { widthPx: EDGE_PX, colour: scheme.danger, opacity: pulse, share: 1 };
    this.drawEdge(this.edge, circle.now, edge, context);
    const next = { widthPx: NEXT_EDGE_PX, colour: 0xffffff, opacity: 0.75, share: 0.5 };
    if (tick < circle.endTick) this.drawEdge(this.next, circle.next, next, context);
    else this.next.rest(0);
  }

  /** Pieces along the circumference, each as long as `share` of its part. */
  private drawEdge(
    pool: Pool,
    disc: Disc,
    look: { widthPx: number; colour: number; opacity: number; share: number },
    context: DrawContext,
  ): void {
    const radiusPx = disc.radius * PX_PER_UNIT;
    const parts = Math.max(24, Math.ceil((2 * Math.PI * radiusPx) / PIECE_PX));
    const lengthPx = (2 * Math.PI * radiusPx) / parts;
    const [x, y] = [disc.x * PX_PER_UNIT, disc.y * PX_PER_UNIT];
    let used = 0;
    for (let part = 0; part < parts; part += 1) {
      const angle = ((part + 0.5) / parts) * Math.PI * 2;
      const [px, py] = [x + Math.cos(angle) * radiusPx, y + Math.sin(angle) * radiusPx];
      if (!context.camera.sees(px, py, PIECE_PX)) continue;
      const piece = pool.at(used);
      if (piece === null) break;
      used += 1;
      piece.position.set(px, py);
      piece.rotation = angle + Math.PI / 2;
      piece.scale.set((lengthPx * look.share * 1.04) / 32, look.widthPx / 16);
      piece.tint = look.colour;
      piece.alpha = look.opacity;
    }
    pool.rest(used);
  }

  /** Strips to the left and right of the circle. */
  private drawShade({ x, y, radius }: Disc, context: DrawContext): void {
    const { camera, scheme } = context;
    const seen = camera.bounds;
    const [middleX, middleY] = [x * PX_PER_UNIT, y * PX_PER_UNIT];
    const radiusPx = radius * PX_PER_UNIT;
    const stripPx = Math.max(STRIP_PX, (seen.bottom - seen.top) / STRIPS_MAX);
    let used = 0;
    const fill = (left: number, right: number, top: number): void => {
      const strip = right > left ? this.shade.at(used) : null;
      if (strip === null) return;
      used += 1;
      strip.position.set((left + right) / 2, top + stripPx / 2);
      strip.setSize(right - left, stripPx);
      strip.tint = scheme.danger;
      strip.alpha = SHADE_OPACITY;
    };
    for (let top = seen.top; top < seen.bottom; top += stripPx) {
      const off = top + stripPx / 2 - middleY;
      const half = Math.abs(off) < radiusPx ? Math.sqrt(radiusPx * radiusPx - off * off) : 0;
      fill(seen.left, Math.min(seen.right, middleX - half), top);
      fill(Math.max(seen.left, middleX + half), seen.right, top);
    }
    this.shade.rest(used);
  }
}

/** A fixed number of sprites of one picture, made when they are first needed. */
class Pool {
  private readonly sprites: Sprite[] = [];
  private readonly container = new Container();

  constructor(
    private readonly texture: Texture,
    private readonly limit: number,
    parent: Container,
  ) {
    parent.addChild(this.container);
  }

  at(index: number): Sprite | null {
    if (index >= this.limit) return null;
    const sprite = this.sprites[index] ?? this.made();
    sprite.visible = true;
    return sprite;
  }

  /** Hide all from `used` on. */
  rest(used: number): void {
    for (const sprite of this.sprites.slice(used)) sprite.visible = false;
  }

  private made(): Sprite {
    const sprite = new Sprite(this.texture);
    sprite.anchor.set(0.5);
    this.container.addChild(sprite);
    this.sprites.push(sprite);
    return sprite;
  }
}
