/** Pads: a plate, the sign of what lies there, and a ring that fills until it is back. */
import { Container, Sprite } from "pixi.js";

import { PICKUP_RESPAWN_TICKS, Pickup } from "../lexicon";
import type { Arena } from "../model";
import type { Atlas } from "./atlas";
import { PX_PER_UNIT, TILE_PX } from "./camera";
import type { DrawContext } from "./context";
import { padColour } from "./floor";

const PLATE_PX = TILE_PX * 1.15;
const BOB_PX = 2.2;

interface PadSprites {
  root: Container;
  plate: Sprite;
  glow: Sprite;
  ring: Sprite;
  icon: Sprite;
}

export class PadLayer {
  readonly container = new Container();
  private pads: PadSprites[] = [];
  private arena: Arena | null = null;

  constructor(private readonly atlas: Atlas) {}

  draw(context: DrawContext): void {
    const { frame } = context;
    if (this.arena !== frame.arena) this.build(frame.arena);
    frame.arena.pads.forEach((pad, index) => {
      const sprites = this.pads[index];
      if (sprites === undefined) return;
      sprites.root.visible = context.sees(pad.x, pad.y);
      if (!sprites.root.visible) return;
      const waitTicks = (frame.padReadyTicks[index] ?? 0) - frame.tick;
      this.drawPad(sprites, context, pad.kind, waitTicks);
    });
  }

  private drawPad(
    sprites: PadSprites,
    context: DrawContext,
    kind: number,
    waitTicks: number,
  ): void {
    const colour = padColour(context.scheme, kind);
    const ready = waitTicks <= 0;
    const large = kind === Pickup.MEGA || kind === Pickup.DOUBLE;
    const still = context.values.reducedMotion;
    const wave = still ? 0 : Math.sin(context.frame.nowMs / 420 + sprites.root.x);
    sprites.plate.tint = ready ? colour : 0x8a94a6;
    sprites.icon.tint = ready ? colour : 0xaab4c4;
    sprites.icon.alpha = ready ? 1 : 0.28;
    sprites.icon.y = ready ? wave * BOB_PX - 1 : 0;
    sprites.icon.scale.set((large ? 0.68 : 0.52) * (ready ? 1 : 0.85));
    sprites.glow.visible = ready && (large || !context.thrifty);
    sprites.glow.tint = colour;
    sprites.glow.alpha = 0.3 + wave * 0.08;
    sprites.ring.visible = !ready;
    if (ready) return;
    const total = PICKUP_RESPAWN_TICKS[kind] ?? 900;
    sprites.ring.texture = this.atlas.arc(1 - waitTicks / total);
    sprites.ring.tint = colour;
  }

  private build(arena: Arena): void {
    for (const child of this.container.removeChildren()) child.destroy({ children: true });
    this.arena = arena;
    this.pads = arena.pads.map((pad) => {
      const root = new Container();
      root.position.set(pad.x * PX_PER_UNIT, pad.y * PX_PER_UNIT);
      const plate = this.sprite("plate", PLATE_PX / 112);
      const glow = this.sprite("glow", (TILE_PX * 1.9) / 128);
      glow.blendMode = "add";
      const ring = this.sprite("arc0", (TILE_PX * 0.98) / 84);
      ring.alpha = 0.85;
      const icon = this.sprite(`pad${pad.kind}`, 0.5);
      root.addChild(plate, ring, icon, glow);
      this.container.addChild(root);
      return { root, plate, glow, ring, icon };
    });
  }

  private sprite(cell: string, scale: number): Sprite {
    const sprite = new Sprite(this.atlas.cell(cell));
    sprite.anchor.set(0.5);
    sprite.scale.set(scale);
    return sprite;
  }
}
