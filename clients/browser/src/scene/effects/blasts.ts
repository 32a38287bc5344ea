/**
 * Bursts: of rockets, players, spawns, pickups; and small sparks where shots meet walls and
 * bodies.
 */
import { BLAST_RADIUS_TILES } from "../../lexicon";
import { mixColours, type ColourScheme } from "../../styles/palette";
import { TILE_PX } from "../camera";
import { between, burst, type EffectTools } from "./tools";

interface Point {
  x: number; // painted pixels
  y: number;
}

export function explosion(tools: EffectTools, at: Point, scheme: ColourScheme): void {
  const diameter = BLAST_RADIUS_TILES * TILE_PX * 2;
  const ringScale = diameter / 148; // the ring of the cell is 148 px across
  tools.marks.emit({
    cell: "scorch", ...at, lifeS: 14, colour: 0x05070b, scale: 0.72, alpha: 0.7,
    rotation: between(0, 6),
  });
  const light = tools.light;
  light.emit({
    cell: "glow", ...at, lifeS: 0.42, colour: scheme.warm, scale: 1.3, scaleEnd: 1.8, alpha: 1,
  });
  light.emit({
    cell: "flare", ...at, lifeS: 0.16, colour: 0xffffff, scale: 0.7, scaleEnd: 1,
    rotation: between(0, 3),
  });
  light.emit({
    cell: "ring", ...at, lifeS: 0.38, colour: scheme.warm, scale: 0.25, scaleEnd: ringScale,
  });
  const count = tools.calm ? 8 : 16;
  burst(light, count, at, {
    cell: "streak", colour: scheme.warm, speed: 620, lifeS: 0.4, scale: 0.34,
  });
  burst(light, count / 2, at, {
    cell: "spark", colour: scheme.danger, speed: 300, lifeS: 0.6, scale: 0.6,
  });
  for (let puff = 0; puff < 5; puff += 1) {
    const angle = between(0, Math.PI * 2);
    const speed = between(20, 95);
    tools.matter.emit({
      cell: "smoke", ...at, vx: Math.cos(angle) * speed, vy: Math.sin(angle) * speed, dragPerS: 2.2,
      lifeS: between(0.6, 1.1), colour: puff % 2 === 0 ? 0x3a3f4b : 0x6b5b4d,
      scale: 0.4, scaleEnd: between(0.6, 0.95), alpha: 0.65, rotation: between(0, 6),
      delayS: between(0, 0.06),
    });
  }
}

export function impact(tools: EffectTools, at: Point, colour: number): void {
  const pale = mixColours(colour, 0xffffff, 0.4);
  tools.light.emit({
    cell: "glow", ...at, lifeS: 0.16, colour, scale: 0.5, scaleEnd: 0.2, alpha: 0.8,
  });
  burst(tools.light, tools.calm ? 2 : 5, at, {
    cell: "streak", colour: pale, speed: 240, lifeS: 0.22, scale: 0.24,
  });
}

export function bounce(tools: EffectTools, at: Point, colour: number): void {
  tools.light.emit({ cell: "ring", ...at, lifeS: 0.25, colour, scale: 0.06, scaleEnd: 0.34 });
  burst(tools.light, tools.calm ? 3 : 9, at, {
    cell: "spark", colour, speed: 260, lifeS: 0.32, scale: 0.4,
  });
}

export function hitSparks(tools: EffectTools, at: Point, colour: number, damage: number): void {
  const count = Math.min(14, 4 + Math.floor(damage / 8));
  const pale = mixColours(colour, 0xffffff, 0.5);
  burst(tools.light, tools.calm ? 3 : count, at, {
    cell: "streak", colour: pale, speed: 300, lifeS: 0.26, scale: 0.3,
  });
  tools.light.emit({
    cell: "glow", ...at, lifeS: 0.14, colour: 0xffffff, scale: 0.4, scaleEnd: 0.6, alpha: 0.8,
  });
}

export function deathBurst(tools: EffectTools, at: Point, colour: number): void {
  tools.marks.emit({
    cell: "scorch", ...at, lifeS: 18, colour: mixColours(colour, 0x000000, 0.75), scale: 0.5,
    alpha: 0.6,
    rotation: between(0, 6),
  });
  tools.light.emit({
    cell: "glow", ...at, lifeS: 0.35, colour, scale: 1.5, scaleEnd: 2.2, alpha: 0.9,
  });
  tools.light.emit({ cell: "ring", ...at, lifeS: 0.5, colour, scale: 0.2, scaleEnd: 1.1 });
  burst(tools.matter, tools.calm ? 6 : 16, at, {
    cell: "shard", colour, speed: 380, lifeS: 0.9, scale: 0.62,
  });
  burst(tools.matter, 6, at, {
    cell: "shard", colour: 0xd9e1ee, speed: 260, lifeS: 0.8, scale: 0.45,
  });
  burst(tools.light, tools.calm ? 6 : 14, at, {
    cell: "spark", colour, speed: 340, lifeS: 0.7, scale: 0.55,
  });
}

export function spawnRing(tools: EffectTools, at: Point, colour: number): void {
  tools.light.emit({ cell: "ring", ...at, lifeS: 0.6, colour, scale: 1, scaleEnd: 0.3 });
  tools.light.emit({
    cell: "ring", ...at, lifeS: 0.5, colour: 0xffffff, scale: 0.2, scaleEnd: 0.75, alpha: 0.6,
  });
  tools.light.emit({ cell: "glow", ...at, lifeS: 0.5, colour, scale: 1.4, scaleEnd: 0.6 });
}

export function pickupSparkle(tools: EffectTools, at: Point, colour: number): void {
  tools.light.emit({ cell: "ring", ...at, lifeS: 0.4, colour, scale: 0.2, scaleEnd: 0.62 });
  for (let index = 0; index < (tools.calm ? 4 : 10); index += 1) {
    const angle = (index / 10) * Math.PI * 2;
    tools.light.emit({
      cell: "spark", x: at.x + Math.cos(angle) * 16, y: at.y + Math.sin(angle) * 16,
      vx: Math.cos(angle) * 60, vy: Math.sin(angle) * 60 - 50, dragPerS: 1.5,
      lifeS: between(0.4, 0.7), colour: mixColours(colour, 0xffffff, 0.3), scale: 0.5,
      scaleEnd: 0.1,
    });
  }
}
