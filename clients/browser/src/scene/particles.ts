/**
 * Short-lived sprites in a ring of fixed size: sparks, smoke, flashes, rings, shards.
 *
 * Owns: the sprites and their flight. Policy: overwrite. When all are in use the oldest makes room,
 * so that no fight, however large, makes more than `capacity` of them.
 */
import { Container, Sprite } from "pixi.js";

import type { Atlas } from "./atlas";

export interface ParticleOptions {
  cell: string;
  x: number; // painted pixels, seconds
  y: number;
  lifeS: number;
  colour?: number;
  vx?: number;
  vy?: number;
  dragPerS?: number;
  scale?: number;
  scaleEnd?: number;
  stretch?: number; // width against height
  alpha?: number;
  rotation?: number;
  spinPerS?: number;
  delayS?: number;
  anchorX?: number;
}

interface Particle {
  sprite: Sprite;
  ageS: number;
  lifeS: number;
  vx: number;
  vy: number;
  dragPerS: number;
  scale: number;
  scaleEnd: number;
  stretch: number;
  alpha: number;
  spinPerS: number;
}

export class Particles {
  readonly container = new Container();
  private readonly ring: Particle[] = [];
  private next = 0;

  constructor(
    private readonly atlas: Atlas,
    capacity: number,
    additive: boolean,
  ) {
    for (let index = 0; index < capacity; index += 1) {
      const sprite = new Sprite(atlas.cell("spark"));
      sprite.anchor.set(0.5);
      sprite.visible = false;
      if (additive) sprite.blendMode = "add";
      this.container.addChild(sprite);
      this.ring.push({
        sprite, ageS: 0, lifeS: 0, vx: 0, vy: 0, dragPerS: 0,
        scale: 1, scaleEnd: 1, stretch: 1, alpha: 1, spinPerS: 0,
      });
    }
  }

  emit(options: ParticleOptions): void {
    const particle = this.ring[this.next];
    if (particle === undefined) return;
    this.next = (this.next + 1) % this.ring.length;
    const { sprite } = particle;
    sprite.texture = this.atlas.cell(options.cell);
    sprite.position.set(options.x, options.y);
    sprite.tint = options.colour ?? 0xffffff;
    sprite.rotation = options.rotation ?? 0;
    sprite.anchor.set(options.anchorX ?? 0.5, 0.5);
    sprite.visible = true;
    particle.ageS = -(options.delayS ?? 0);
    particle.lifeS = options.lifeS;
    particle.vx = options.vx ?? 0;
    particle.vy = options.vy ?? 0;
    particle.dragPerS = options.dragPerS ?? 0;
    particle.scale = options.scale ?? 1;
    particle.scaleEnd = options.scaleEnd ?? particle.scale;
    particle.stretch = options.stretch ?? 1;
    particle.alpha = options.alpha ?? 1;
    particle.spinPerS = options.spinPerS ?? 0;
    this.place(particle);
  }

  advance(deltaS: number): void {
    for (const particle of this.ring) {
      if (!particle.sprite.visible) continue;
      particle.ageS += deltaS;
      if (particle.ageS >= particle.lifeS) {
        particle.sprite.visible = false;
        continue;
      }
      if (particle.ageS < 0) continue;
      const kept = Math.exp(-particle.dragPerS * deltaS);
      particle.vx *= kept;
      particle.vy *= kept;
      particle.sprite.x += particle.vx * deltaS;
      particle.sprite.y += particle.vy * deltaS;
      particle.sprite.rotation += particle.spinPerS * deltaS;
      this.place(particle);
    }
  }

  clear(): void {
    for (const particle of this.ring) particle.sprite.visible = false;
  }

  get aliveCount(): number {
    return this.ring.filter((particle) => particle.sprite.visible).length;
  }

  private place(particle: Particle): void {
    const share = Math.max(0, particle.ageS / particle.lifeS);
    const eased = 1 - (1 - share) * (1 - share);
    const scale = particle.scale + (particle.scaleEnd - particle.scale) * eased;
    particle.sprite.scale.set(scale * particle.stretch, scale);
    particle.sprite.alpha = particle.ageS < 0 ? 0 : particle.alpha * (1 - share);
  }
}
