/**
 * One player on the screen: body, barrel, rings, name. Made of atlas sprites, tinted; holds nothing
 * of the match.
 *
 * Parts lie in two containers, `body` below the effects and `label` above them, so that names stay
 * readable in a blast.
 */
import { Container, Sprite, Texture } from "pixi.js";

import { radians } from "../lexicon";
import type { PlayerView } from "../model";
import { isolated } from "../names";
import { mixColours } from "../styles/palette";
import type { Atlas } from "./atlas";
import { PX_PER_UNIT, TILE_PX } from "./camera";
import type { DrawContext } from "./context";
import { LABEL_SCALE, type Labels } from "./labels";
import { SHAPE_TILE_PX } from "./shapes/bodies";

const SHAPE_SCALE = TILE_PX / SHAPE_TILE_PX;
const HEALTH_RING_PX = TILE_PX * 1.22;
const ARMOUR_RING_PX = TILE_PX * 1.4;
const LABEL_Y_PX = -TILE_PX * 0.92;
const NAMED_MAX = 24;
const NAMED_ZOOM = 0.6;
const RECOIL_PX = 5;
const RECOIL_MS = 120;
const SIDE_ARMOUR = 0xe4eaf4;

export class PlayerSprite {
  readonly body = new Container();
  readonly label = new Container();
  private readonly glow: Sprite;
  private readonly hull: Sprite;
  private readonly barrel: Sprite;
  private readonly visor: Sprite;
  private readonly selfRing: Sprite;
  private readonly healthBack: Sprite;
  private readonly healthRing: Sprite;
  private readonly armourRing: Sprite;
  private readonly bubble: Sprite;
  private readonly power: Sprite;
  private readonly name = new Sprite(Texture.EMPTY);
  private readonly mark: Sprite;
  private firedAtMs = -Infinity;
  private hurtAtMs = -Infinity;

  constructor(private readonly atlas: Atlas) {
    const shadow = this.part("shadow", TILE_PX / 80);
    shadow.tint = 0x000000;
    shadow.alpha = 0.5;
    shadow.position.set(TILE_PX * 0.1, TILE_PX * 0.16);
    this.glow = this.part("glow", (TILE_PX * 1.8) / 128, true);
    this.power = this.part("glow", (TILE_PX * 2.6) / 128, true);
    this.healthBack = this.part("arc32", HEALTH_RING_PX / 84);
    this.healthBack.tint = 0x05070c;
    this.healthBack.alpha = 0.45;
    this.healthRing = this.part("arc32", HEALTH_RING_PX / 84);
    this.armourRing = this.part("arc0", ARMOUR_RING_PX / 84);
    this.barrel = this.part("barrel0", SHAPE_SCALE * 1.15);
    this.hull = this.part("body", SHAPE_SCALE);
    this.visor = this.part("visor", SHAPE_SCALE);
    this.selfRing = this.part("selfRing", SHAPE_SCALE * 1.28);
    this.bubble = this.part("bubble", SHAPE_SCALE * 1.1, true);
    this.name.anchor.set(0.5);
    this.name.scale.set(LABEL_SCALE);
    this.name.y = LABEL_Y_PX;
    this.mark = new Sprite(atlas.cell("bot"));
    this.mark.anchor.set(0.5);
    this.mark.y = LABEL_Y_PX;
    this.label.addChild(this.name, this.mark);
  }

  /** The barrel jumps back. */
  fire(nowMs: number): void {
    this.firedAtMs = nowMs;
  }

  /** The body flashes white. */
  hurt(nowMs: number): void {
    this.hurtAtMs = nowMs;
  }

  draw(player: PlayerView, context: DrawContext, labels: Labels): void {
    const shown = player.alive && context.sees(player.x, player.y);
    this.body.visible = shown;
    this.label.visible = shown;
    if (!shown) return;
    const [x, y] = [player.x * PX_PER_UNIT, player.y * PX_PER_UNIT];
    this.body.position.set(x, y);
    this.label.position.set(x, y);
    this.body.alpha = player.connected ? 1 : 0.45;
    this.drawBody(player, context);
    this.drawRings(player, context);
    this.drawLabel(player, context, labels);
  }

  destroy(): void {
    this.body.destroy({ children: true });
    this.label.destroy({ children: true });
  }

  private drawBody(player: PlayerView, context: DrawContext): void {
    const { nowMs } = context.frame;
    const colour = context.colour(player);
    const aim = radians(player.aim);
    const hurtShare = Math.max(0, 1 - (nowMs - this.hurtAtMs) / 130);
    const recoil = Math.max(0, 1 - (nowMs - this.firedAtMs) / RECOIL_MS) * RECOIL_PX;
    this.hull.tint = mixColours(colour, 0xffffff, hurtShare * 0.9);
    this.hull.rotation = aim;
    this.visor.rotation = aim;
    this.barrel.texture = this.atlas.cell(`barrel${player.weapon}`);
    this.barrel.rotation = aim;
    this.barrel.position.set(-Math.cos(aim) * recoil, -Math.sin(aim) * recoil);
    this.glow.visible = player.self || !context.thrifty;
    this.glow.tint = colour;
    this.glow.alpha = player.self ? 0.4 : 0.26;
    const stretch = player.dashing ? 1.12 : 1;
    this.hull.scale.set(SHAPE_SCALE * stretch, SHAPE_SCALE / stretch);
    const pulse = context.values.reducedMotion ? 0.5 : 0.5 + Math.sin(nowMs / 90) * 0.5;
    this.power.visible = player.double;
    this.power.tint = context.scheme.double;
    this.power.alpha = 0.5 + pulse * 0.35;
    this.bubble.visible = player.protected;
    this.bubble.tint = mixColours(colour, 0xffffff, 0.6);
    this.bubble.rotation = context.values.reducedMotion ? 0 : nowMs / 700;
    this.bubble.alpha = 0.55 + pulse * 0.3;
  }

  private drawRings(player: PlayerView, context: DrawContext): void {
    const { scheme } = context;
    const health = player.health / 100;
    const hurt = player.health < 100 || player.self;
    this.healthBack.visible = hurt;
    this.healthRing.visible = hurt;
    this.healthRing.texture = this.atlas.arc(Math.min(1, health));
    const low = mixColours(scheme.danger, scheme.warm, Math.min(1, health * 2));
    this.healthRing.tint = mixColours(low, scheme.health, Math.max(0, health * 2 - 1));
    this.healthRing.alpha = player.self ? 0.75 : 0.9;
    this.armourRing.visible = player.armour > 0;
    this.armourRing.texture = this.atlas.arc(player.armour / 100);
    // Between sides its blue would say the wrong thing.
    this.armourRing.tint = player.team > 0 ? SIDE_ARMOUR : scheme.armour;
    this.armourRing.alpha = 0.85;
    this.selfRing.visible = player.self;
    this.selfRing.rotation = context.values.reducedMotion ? 0 : context.frame.nowMs / 2400;
    this.selfRing.alpha = 0.6;
  }

  private drawLabel(player: PlayerView, context: DrawContext, labels: Labels): void {
    // Constant on the screen, whatever the zoom.
    this.label.scale.set(1 / Math.max(0.55, context.camera.zoom));
    this.label.y += player.armour > 0 ? -3 : 0;
    const watched = player.self || context.frame.follow === player.slot;
    // A crowd that is seen as a whole would be one heap of names.
    const isCrowd = context.frame.players.length > NAMED_MAX && context.camera.zoom < NAMED_ZOOM;
    this.name.visible = !player.self && !isCrowd;
    this.name.texture = labels.of(isolated(player.name));
    this.name.tint = mixColours(context.colour(player), 0xffffff, watched ? 0.9 : 0.55);
    this.name.alpha = player.bot ? 0.78 : 1;
    this.mark.visible = this.name.visible && (player.bot || !player.connected);
    if (!this.mark.visible) return;
    this.mark.texture = this.atlas.cell(player.connected ? "bot" : "offline");
    this.mark.scale.set(player.connected ? 0.2 : 0.32);
    this.mark.alpha = player.connected ? 0.55 : 1;
    this.mark.tint = player.connected ? 0xffffff : context.scheme.warm;
    this.mark.x = -(this.name.texture.width * LABEL_SCALE) / 2 - 6;
  }

  private part(cell: string, scale: number, additive = false): Sprite {
    const sprite = new Sprite(this.atlas.cell(cell));
    sprite.anchor.set(0.5);
    sprite.scale.set(scale);
    if (additive) sprite.blendMode = "add";
    this.body.addChild(sprite);
    return sprite;
  }
}
