/** The tools that every family of effects uses. */
import type { Camera } from "../camera";
import type { Particles } from "../particles";
import { isWall } from "../walls";
import type { Arena } from "../../model";
import { TILE_UNITS } from "../../lexicon";

export interface EffectTools {
  light: Particles; // additive
  matter: Particles; // smoke and shards
  marks: Particles; // on the floor, long-lived
  camera: Camera;
  shakes: boolean;
  calm: boolean; // fewer sparks
}

/** Between `low` and `high`; dice for looks only, nothing of the match depends on them. */
export function between(low: number, high: number): number {
  return low + Math.random() * (high - low);
}

/** A burst in all directions, or within `spread` radians around `heading`. */
export function burst(
  particles: Particles,
  count: number,
  at: { x: number; y: number; heading?: number; spread?: number },
  look: { cell: string; colour: number; speed: number; lifeS: number; scale: number },
): void {
  const spread = at.spread ?? Math.PI * 2;
  for (let index = 0; index < count; index += 1) {
    const angle = (at.heading ?? 0) + between(-spread / 2, spread / 2);
    const speed = look.speed * between(0.3, 1);
    particles.emit({
      cell: look.cell,
      x: at.x,
      y: at.y,
      vx: Math.cos(angle) * speed,
      vy: Math.sin(angle) * speed,
      dragPerS: 4,
      lifeS: look.lifeS * between(0.6, 1),
      colour: look.colour,
      scale: look.scale * between(0.7, 1.2),
      scaleEnd: look.scale * 0.2,
      rotation: angle,
      spinPerS: look.cell === "shard" ? between(-12, 12) : 0,
    });
  }
}

/**
 * How far (in units) a straight line gets before a wall, at most `limit`. For tracers, not for the
 * rules.
 */
export function reachUnits(
  arena: Arena, x: number, y: number, angle: number, limit: number,
): number {
  const step = TILE_UNITS / 8;
  const [right, down] = [Math.cos(angle) * step, Math.sin(angle) * step];
  let [atX, atY] = [x, y];
  for (let gone = 0; gone < limit; gone += step) {
    if (isWall(arena, Math.floor(atX / TILE_UNITS), Math.floor(atY / TILE_UNITS))) return gone;
    atX += right;
    atY += down;
  }
  return limit;
}
