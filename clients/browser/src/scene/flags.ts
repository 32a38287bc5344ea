/**
 * Flags: where they stand, lie or are carried, and the bases they belong to.
 *
 * Must not know who may take one. Invariant: at most one flag and one base a team; a carried flag
 * is where its carrier is drawn.
 */
import { Container, type Sprite } from "pixi.js";

import type { FlagView } from "../model";
import type { Atlas } from "./atlas";
import { PX_PER_UNIT, TILE_PX } from "./camera";
import type { DrawContext } from "./context";
import { spriteOf } from "./sprites";

const SCALE = (TILE_PX * 1.15) / 96;
const BASE_SCALE = (TILE_PX * 1.9) / 128;
const CARRIED_UP_PX = TILE_PX * 0.62;
const WAVE_MS = 260;

interface FlagSprites {
  root: Container;
  cloth: Sprite;
  glow: Sprite;
}

export class FlagLayer {
  readonly below = new Container(); // bases, on the floor
  readonly above = new Container(); // flags, over the players
  private readonly flags = new Map<number, FlagSprites>();
  private readonly bases: Sprite[] = [];

  constructor(private readonly atlas: Atlas) {}

  draw(context: DrawContext): void {
    this.drawBases(context);
    const present = new Set<number>();
    for (const flag of context.frame.flags) {
      present.add(flag.team);
      this.drawFlag(flag, context);
    }
    for (const [team, { root }] of this.flags) root.visible &&= present.has(team);
  }

  private drawBases(context: DrawContext): void {
    const homes = context.frame.flags.length > 0 ? context.frame.arena.flags : [];
    while (this.bases.length < homes.length) {
      this.bases.push(spriteOf(this.atlas, "flagBase", BASE_SCALE, this.below));
    }
    this.bases.forEach((base, index) => {
      const home = homes[index];
      base.visible = home !== undefined && context.sees(home.x, home.y);
      if (home === undefined) return;
      base.position.set(home.x * PX_PER_UNIT, home.y * PX_PER_UNIT);
      base.tint = context.colourOfSide(home.team);
      base.rotation = context.values.reducedMotion ? 0 : context.frame.nowMs / 4_000;
    });
  }

  private drawFlag(flag: FlagView, context: DrawContext): void {
    const { root, cloth, glow } = this.spritesOf(flag.team);
    root.visible = flag.seen && context.sees(flag.x, flag.y);
    if (!root.visible) return;
    const carried = flag.state === "carried";
    const colour = context.colourOfSide(flag.team);
    const up = carried ? CARRIED_UP_PX : TILE_PX * 0.2;
    root.position.set(flag.x * PX_PER_UNIT + TILE_PX * 0.2, flag.y * PX_PER_UNIT - up);
    root.scale.set(carried ? 0.85 : 1);
    const still = context.values.reducedMotion;
    const wave = still ? 0 : Math.sin(context.frame.nowMs / WAVE_MS);
    cloth.tint = colour;
    cloth.scale.set(SCALE * (1 + wave * 0.06), SCALE * (1 - wave * 0.04));
    // A dropped flag pulses to attract attention.
    root.rotation = flag.state === "ground" ? 0.5 + wave * 0.06 : 0;
    glow.tint = colour;
    glow.visible = flag.state !== "home" || !context.thrifty;
    glow.alpha = flag.state === "ground" ? 0.45 + wave * 0.25 : 0.35;
  }

  private spritesOf(team: number): FlagSprites {
    let sprites = this.flags.get(team);
    if (sprites === undefined) {
      const root = new Container();
      const glow = spriteOf(this.atlas, "glow", (TILE_PX * 2) / 128, root);
      glow.blendMode = "add";
      spriteOf(this.atlas, "flagPole", SCALE, root);
      sprites = { root, glow, cloth: spriteOf(this.atlas, "flagCloth", SCALE, root) };
      this.flags.set(team, sprites);
      this.above.addChild(root);
    }
    return sprites;
  }
}
