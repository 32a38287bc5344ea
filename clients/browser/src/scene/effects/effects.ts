/**
 * Turns the events of a frame into light, smoke and shaking.
 *
 * Owns: the particle pools and which event looks like what. Must not know the rules: a missing
 * event is a missing spark.
 */
import { Container } from "pixi.js";

import { EventKind, NOWHERE, Weapon } from "../../lexicon";
import type { GameEvent } from "../../model";
import type { Atlas } from "../atlas";
import { PX_PER_UNIT, type Camera } from "../camera";
import type { DrawContext } from "../context";
import { padColour } from "../floor";
import { Particles } from "../particles";
import {
  bounce, deathBurst, explosion, hitSparks, impact, pickupSparkle, spawnRing,
} from "./blasts";
import { dashGhost, dashStart, muzzleFlash, railBeam, scatterFan } from "./guns";
import { DamageNumbers } from "./numbers";
import type { EffectTools } from "./tools";

const LIGHTS_MAX = 520;
const MATTER_MAX = 220;
const MARKS_MAX = 40;
const NOTICE_TILES_PX = 420; // effects farther beyond the screen than this are not made

export class Effects {
  readonly below = new Container(); // marks on the floor
  readonly above = new Container();
  readonly smoke: Particles;
  readonly numbers: DamageNumbers;
  private readonly light: Particles;
  private readonly marks: Particles;

  constructor(
    atlas: Atlas,
    private readonly camera: Camera,
  ) {
    this.light = new Particles(atlas, LIGHTS_MAX, true);
    this.smoke = new Particles(atlas, MATTER_MAX, false);
    this.marks = new Particles(atlas, MARKS_MAX, false);
    this.numbers = new DamageNumbers(atlas);
    this.below.addChild(this.marks.container);
    this.above.addChild(this.smoke.container, this.light.container);
  }

  draw(context: DrawContext): void {
    const { values, frame } = context;
    const tools: EffectTools = {
      light: this.light,
      matter: this.smoke,
      marks: this.marks,
      camera: this.camera,
      shakes: values.shake && !values.reducedMotion,
      calm: values.reducedMotion || context.thrifty,
    };
    this.marks.container.visible = !context.thrifty;
    for (const event of frame.events) this.show(event, tools, context);
    for (const player of frame.players) {
      if (player.seen && player.dashing && player.alive) dashGhost(tools, player, context.colour(player));
    }
    this.light.advance(context.deltaS);
    this.smoke.advance(context.deltaS);
    this.marks.advance(context.deltaS);
    this.numbers.advance(frame.nowMs, this.camera.zoom, context.scheme.warm);
  }

  clear(): void {
    this.light.clear();
    this.smoke.clear();
    this.marks.clear();
  }

  get particleCount(): number {
    return this.light.aliveCount + this.smoke.aliveCount + this.marks.aliveCount;
  }

  private show(event: GameEvent, tools: EffectTools, context: DrawContext): void {
    const field = (name: string): number => event.fields[name] ?? 0;
    const point = { x: field("x") * PX_PER_UNIT, y: field("y") * PX_PER_UNIT };
    const near = this.camera.sees(point.x, point.y, NOTICE_TILES_PX);
    switch (event.kind) {
      case EventKind.FIRE:
      case EventKind.SCATTER:
      case EventKind.RAIL:
        this.showShot(event, tools, context);
        return;
      case EventKind.EXPLODE:
        if (near) explosion(tools, point, context.scheme);
        this.shakeFrom(tools, point);
        return;
      case EventKind.IMPACT:
        if (near) impact(tools, point, context.scheme.weapons[field("weapon")] ?? 0xffffff);
        return;
      case EventKind.BOUNCE:
        if (near) bounce(tools, point, context.scheme.weapons[Weapon.DISC] ?? 0xffffff);
        return;
      case EventKind.HIT:
        this.showHit(event, tools, context);
        return;
      case EventKind.SPAWN:
        if (near) spawnRing(tools, point, context.colourOfSlot(field("slot")));
        return;
      default:
        this.showPlayerEvent(event, tools, context);
    }
  }

  private showShot(event: GameEvent, tools: EffectTools, context: DrawContext): void {
    const slot = event.fields["slot"] ?? -1;
    const colour = context.colourOfSlot(slot);
    const shooter = context.player(slot);
    if (shooter !== undefined && context.sees(shooter.x, shooter.y)) {
      muzzleFlash(tools, shooter, colour);
    }
    const { x = 0, y = 0, x2 = 0, y2 = 0, aim = 0 } = event.fields as Record<string, number>;
    if (event.kind === EventKind.RAIL) railBeam(tools, { x, y }, { x: x2, y: y2 }, colour);
    if (event.kind === EventKind.SCATTER && context.sees(x, y, NOTICE_TILES_PX)) {
      scatterFan(tools, context.frame.arena, { x, y, aim }, colour);
    }
    if (slot === context.selfSlot && event.kind !== EventKind.FIRE && tools.shakes) {
      this.camera.shake(0.18);
    }
  }

  private showHit(event: GameEvent, tools: EffectTools, context: DrawContext): void {
    const field = (name: string): number => event.fields[name] ?? 0;
    if (field("x") === NOWHERE) return; // the local player's hit on a target out of sight: it is only heard
    const point = { x: field("x") * PX_PER_UNIT, y: field("y") * PX_PER_UNIT };
    const victim = field("victim");
    const damage = field("damage");
    if (context.sees(field("x"), field("y"))) {
      hitSparks(tools, point, context.colourOfSlot(victim), damage);
    }
    const viewer = context.selfSlot >= 0 ? context.selfSlot : context.frame.follow;
    if (viewer < 0) return;
    if (field("attacker") === viewer && victim !== viewer) {
      this.numbers.add(victim, damage, { ...point, nowMs: context.frame.nowMs });
    }
    if (victim === viewer && tools.shakes) this.camera.shake(Math.min(0.7, damage / 90));
  }

  private showPlayerEvent(event: GameEvent, tools: EffectTools, context: DrawContext): void {
    const { slot = -1, victim = -1, pad: padIndex = -1 } = event.fields as Record<string, number>;
    if (event.kind === EventKind.KILL) {
      const dead = context.player(victim);
      if (dead === undefined) return;
      const point = { x: dead.x * PX_PER_UNIT, y: dead.y * PX_PER_UNIT };
      deathBurst(tools, point, context.colour(dead));
      return;
    }
    if (event.kind === EventKind.PICKUP) {
      const pad = context.frame.arena.pads[padIndex];
      if (pad === undefined || !context.sees(pad.x, pad.y)) return;
      const point = { x: pad.x * PX_PER_UNIT, y: pad.y * PX_PER_UNIT };
      pickupSparkle(tools, point, padColour(context.scheme, pad.kind));
      return;
    }
    const player = context.player(slot);
    if (event.kind === EventKind.DASH && player !== undefined) {
      dashStart(tools, player, context.colour(player));
    }
  }

  private shakeFrom(tools: EffectTools, point: { x: number; y: number }): void {
    if (!tools.shakes) return;
    const distance = Math.hypot(point.x - this.camera.x, point.y - this.camera.y);
    this.camera.shake(Math.max(0, 0.75 - distance / 620));
  }
}
