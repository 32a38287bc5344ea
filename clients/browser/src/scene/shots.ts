/**
 * Bolts, rockets and discs in flight, with their trails. Rails and pellets arrive at once: see
 * `effects/`.
 */
import { Container, Sprite } from "pixi.js";

import { Weapon } from "../lexicon";
import type { ShotView } from "../model";
import { mixColours } from "../styles/palette";
import type { Atlas } from "./atlas";
import { PX_PER_UNIT, TILE_PX } from "./camera";
import type { DrawContext } from "./context";
import type { Particles } from "./particles";

const CELLS: Record<number, string> = {
  [Weapon.BLASTER]: "bolt",
  [Weapon.LAUNCHER]: "rocket",
  [Weapon.DISC]: "disc",
};
const TRAIL_TILES: Record<number, number> = {
  [Weapon.BLASTER]: 1.3,
  [Weapon.LAUNCHER]: 1.1,
  [Weapon.DISC]: 1.5,
};
const PUFF_EVERY_MS = 34;
const GLOW_OPACITY = 0.6;

interface ShotSprites {
  body: Sprite;
  trail: Sprite;
  glow: Sprite;
  bornMs: number;
  puffedMs: number;
}

export class ShotLayer {
  readonly container = new Container();
  private readonly shots = new Map<number, ShotSprites>();
  private readonly idle: ShotSprites[] = [];

  constructor(
    private readonly atlas: Atlas,
    private readonly smoke: Particles,
  ) {}

  draw(context: DrawContext): void {
    const present = new Set<number>();
    for (const shot of context.frame.shots) {
      present.add(shot.number);
      this.drawShot(shot, context);
    }
    for (const [number, sprites] of this.shots) {
      if (present.has(number)) continue;
      this.shots.delete(number);
      this.show(sprites, false);
      this.idle.push(sprites);
    }
  }

  clear(): void {
    for (const child of this.container.removeChildren()) child.destroy();
    this.shots.clear();
    this.idle.length = 0;
  }

  private drawShot(shot: ShotView, context: DrawContext): void {
    const sprites = this.spritesOf(shot, context.frame.nowMs);
    const seen = context.sees(shot.x, shot.y, TILE_PX * 2);
    this.show(sprites, seen);
    if (!seen) return;
    sprites.glow.visible = !context.thrifty;
    sprites.body.alpha = sprites.trail.alpha = shot.opacity;
    sprites.glow.alpha = GLOW_OPACITY * shot.opacity;
    const [x, y] = [shot.x * PX_PER_UNIT, shot.y * PX_PER_UNIT];
    const heading = Math.atan2(shot.vy, shot.vx);
    const owner = context.colourOfSlot(shot.owner);
    const ageMs = context.frame.nowMs - sprites.bornMs;
    const rocket = shot.weapon === Weapon.LAUNCHER;
    sprites.body.texture = this.atlas.cell(CELLS[shot.weapon] ?? "bolt");
    sprites.body.position.set(x, y);
    sprites.body.rotation = shot.weapon === Weapon.DISC ? context.frame.nowMs / 45 : heading;
    sprites.body.tint = mixColours(owner, 0xffffff, rocket ? 0.3 : 0.65);
    sprites.body.scale.set(0.62);
    sprites.glow.position.set(x, y);
    sprites.glow.tint = rocket ? context.scheme.warm : owner;
    sprites.glow.scale.set((TILE_PX * (rocket ? 1.5 : 1.1)) / 128);
    const lengthPx = (TRAIL_TILES[shot.weapon] ?? 1) * TILE_PX * Math.min(1, ageMs / 110);
    const tailPx = rocket ? 13 : 0; // a rocket burns behind its fins
    sprites.trail.position.set(x - Math.cos(heading) * tailPx, y - Math.sin(heading) * tailPx);
    sprites.trail.rotation = heading;
    sprites.trail.tint = rocket ? context.scheme.warm : owner;
    sprites.trail.scale.set(lengthPx / 128, rocket ? 0.62 : 0.75);
    if (rocket) this.puff(sprites, x, y, context.frame.nowMs);
  }

  private puff(sprites: ShotSprites, x: number, y: number, nowMs: number): void {
    if (nowMs - sprites.puffedMs < PUFF_EVERY_MS) return;
    sprites.puffedMs = nowMs;
    this.smoke.emit({
      cell: "smoke", x, y, lifeS: 0.55, colour: 0x9aa6ba, alpha: 0.4,
      scale: 0.14, scaleEnd: 0.42, rotation: nowMs, vx: (nowMs % 13) - 6, vy: (nowMs % 11) - 5,
    });
  }

  private spritesOf(shot: ShotView, nowMs: number): ShotSprites {
    const known = this.shots.get(shot.number);
    if (known !== undefined) return known;
    const sprites = this.idle.pop() ?? this.made();
    sprites.bornMs = nowMs;
    sprites.puffedMs = 0;
    this.shots.set(shot.number, sprites);
    return sprites;
  }

  private made(): ShotSprites {
    const trail = new Sprite(this.atlas.cell("streak"));
    trail.anchor.set(1, 0.5);
    trail.blendMode = "add";
    const glow = new Sprite(this.atlas.cell("glow"));
    glow.anchor.set(0.5);
    glow.blendMode = "add";
    const body = new Sprite(this.atlas.cell("bolt"));
    body.anchor.set(0.5);
    this.container.addChild(trail, glow, body);
    return { body, trail, glow, bornMs: 0, puffedMs: 0 };
  }

  private show(sprites: ShotSprites, visible: boolean): void {
    sprites.body.visible = visible;
    sprites.trail.visible = visible;
    sprites.glow.visible = visible;
  }
}
