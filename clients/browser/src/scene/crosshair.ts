/**
 * The crosshair with the ring of the weapon's cooldown, and the mark of a hit.
 *
 * Owns: those sprites, in screen pixels. Without a mouse the crosshair stands ahead of the player,
 * along their aim.
 */
import { Container, Sprite } from "pixi.js";

import { EventKind, WEAPONS, radians } from "../lexicon";
import type { PlayerView } from "../model";
import type { Atlas } from "./atlas";
import { PX_PER_UNIT, TILE_PX } from "./camera";
import type { DrawContext } from "./context";

const AHEAD_TILES = 4.5;
const MARK_MS = 190;
const KILL_MARK_MS = 420;

export class Crosshair {
  readonly container = new Container();
  private readonly cross: Sprite;
  private readonly ring: Sprite;
  private readonly mark: Sprite;
  private markedAtMs = -Infinity;
  private markMs = MARK_MS;

  constructor(private readonly atlas: Atlas) {
    this.ring = this.sprite("arc0", 0.52);
    this.cross = this.sprite("cross", 0.62);
    this.mark = this.sprite("hitMarker", 0.7);
  }

  draw(context: DrawContext, pointer: { x: number; y: number } | null): void {
    const { frame, scheme } = context;
    this.noticeHits(context);
    const me = context.player(context.selfSlot);
    this.container.visible = frame.self !== null && me !== undefined && me.alive;
    if (!this.container.visible || me === undefined || frame.self === null) return;
    const at = pointer ?? this.ahead(context, me);
    this.container.position.set(at.x, at.y);
    const interval = WEAPONS[me.weapon]?.intervalTicks ?? 1;
    const wait = (frame.self.fireReadyTick - frame.tick) / interval;
    // The blaster is ready again before an eye can follow: a ring for it would only flicker.
    this.ring.visible = wait > 0 && interval > 12;
    this.ring.texture = this.atlas.arc(1 - wait);
    this.ring.tint = scheme.weapons[me.weapon] ?? scheme.accent;
    const empty = me.weapon > 0 && frame.self.ammo[me.weapon] === 0;
    this.cross.tint = empty ? scheme.danger : 0xffffff;
    this.cross.alpha = wait > 0 && interval > 12 ? 0.65 : 1;
    const markShare = (frame.nowMs - this.markedAtMs) / this.markMs;
    this.mark.visible = markShare < 1;
    this.mark.alpha = 1 - markShare;
    this.mark.scale.set(0.6 + markShare * 0.25);
    this.mark.tint = this.markMs === KILL_MARK_MS ? scheme.danger : 0xffffff;
  }

  private ahead(context: DrawContext, me: PlayerView): { x: number; y: number } {
    const { camera } = context;
    const angle = radians(me.aim);
    const { offset } = camera;
    return {
      x: (me.x * PX_PER_UNIT + Math.cos(angle) * AHEAD_TILES * TILE_PX) * camera.zoom + offset.x,
      y: (me.y * PX_PER_UNIT + Math.sin(angle) * AHEAD_TILES * TILE_PX) * camera.zoom + offset.y,
    };
  }

  private noticeHits(context: DrawContext): void {
    const own = context.selfSlot;
    for (const { kind, fields } of context.frame.events) {
      if (kind === EventKind.HIT && fields["attacker"] === own && fields["victim"] !== own) {
        if (context.frame.nowMs - this.markedAtMs > this.markMs) this.markMs = MARK_MS;
        this.markedAtMs = context.frame.nowMs;
      }
      if (kind === EventKind.KILL && fields["killer"] === own && fields["victim"] !== own) {
        this.markMs = KILL_MARK_MS;
        this.markedAtMs = context.frame.nowMs;
      }
    }
  }

  private sprite(cell: string, scale: number): Sprite {
    const sprite = new Sprite(this.atlas.cell(cell));
    sprite.anchor.set(0.5);
    sprite.scale.set(scale);
    this.container.addChild(sprite);
    return sprite;
  }
}
