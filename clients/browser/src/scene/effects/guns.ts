/**
 * Instant effects of guns: muzzle flashes, rail beams, fans of pellets; and the trail of a
 * dash.
 */
import {
  SCATTER_PELLETS,
  SCATTER_RANGE_TILES,
  SCATTER_SPREAD_RADIANS,
  TILE_UNITS,
  radians,
} from "../../lexicon";
import type { Arena, PlayerView } from "../../model";
import { mixColours } from "../../styles/palette";
import { PX_PER_UNIT, TILE_PX } from "../camera";
import { between, burst, reachUnits, type EffectTools } from "./tools";

const MUZZLE_TILES = 0.62;
const BEAM_PUFFS_MAX = 26;

export function muzzleFlash(tools: EffectTools, shooter: PlayerView, colour: number): void {
  const angle = radians(shooter.aim);
  const x = shooter.x * PX_PER_UNIT + Math.cos(angle) * MUZZLE_TILES * TILE_PX;
  const y = shooter.y * PX_PER_UNIT + Math.sin(angle) * MUZZLE_TILES * TILE_PX;
  const pale = mixColours(colour, 0xffffff, 0.5);
  tools.light.emit({
    cell: "flare", x, y, lifeS: 0.09, colour: pale, scale: 0.34, scaleEnd: 0.16, rotation: angle,
    stretch: 1.4,
  });
  tools.light.emit({
    cell: "glow", x, y, lifeS: 0.12, colour, scale: 0.55, scaleEnd: 0.3, alpha: 0.8,
  });
}

export function railBeam(
  tools: EffectTools,
  from: { x: number; y: number },
  to: { x: number; y: number },
  colour: number,
): void {
  const [x, y] = [from.x * PX_PER_UNIT, from.y * PX_PER_UNIT];
  const [acrossX, acrossY] = [to.x * PX_PER_UNIT - x, to.y * PX_PER_UNIT - y];
  const length = Math.max(1, Math.hypot(acrossX, acrossY));
  const rotation = Math.atan2(acrossY, acrossX);
  const line = { cell: "beam", x, y, rotation, anchorX: 0 };
  // A beam is one stretched sprite: its length must not shrink with its width, so the stretch
  // undoes the scale.
  emitBeam(tools, line, length, { colour, widthPx: 30, lifeS: 0.7, alpha: 0.85 });
  emitBeam(tools, line, length, { colour: 0xffffff, widthPx: 12, lifeS: 0.28, alpha: 1 });
  const puffs = Math.min(BEAM_PUFFS_MAX, Math.floor(length / 26));
  for (let index = 0; index < puffs; index += 1) {
    const share = (index + Math.random()) / puffs;
    tools.light.emit({
      cell: "spark", x: x + acrossX * share, y: y + acrossY * share, lifeS: between(0.4, 0.9),
      colour,
      scale: between(0.15, 0.4), scaleEnd: 0.05, vx: between(-22, 22), vy: between(-22, 22),
      dragPerS: 2,
    });
  }
  const end = { x: x + acrossX, y: y + acrossY, heading: rotation + Math.PI, spread: 1.8 };
  burst(tools.light, 8, end, { cell: "streak", colour, speed: 320, lifeS: 0.25, scale: 0.3 });
}

function emitBeam(
  tools: EffectTools,
  line: { cell: string; x: number; y: number; rotation: number; anchorX: number },
  length: number,
  look: { colour: number; widthPx: number; lifeS: number; alpha: number },
): void {
  const scale = look.widthPx / 32;
  tools.light.emit({
    ...line, lifeS: look.lifeS, colour: look.colour, alpha: look.alpha,
    scale, scaleEnd: scale, stretch: length / 16 / scale,
  });
}

export function scatterFan(
  tools: EffectTools,
  arena: Arena,
  from: { x: number; y: number; aim: number },
  colour: number,
): void {
  const aim = radians(from.aim);
  const warm = mixColours(colour, 0xfff0c0, 0.6);
  for (let pellet = 0; pellet < SCATTER_PELLETS; pellet += 1) {
    const angle = aim + (pellet / (SCATTER_PELLETS - 1) - 0.5) * SCATTER_SPREAD_RADIANS;
    const reach = reachUnits(arena, from.x, from.y, angle, SCATTER_RANGE_TILES * TILE_UNITS);
    const length = Math.min(reach * PX_PER_UNIT, TILE_PX * 3.2);
    const lifeS = 0.16;
    const speed = Math.max(0, reach * PX_PER_UNIT - length) / lifeS;
    tools.light.emit({
      cell: "streak",
      x: from.x * PX_PER_UNIT + Math.cos(angle) * length,
      y: from.y * PX_PER_UNIT + Math.sin(angle) * length,
      vx: Math.cos(angle) * speed, vy: Math.sin(angle) * speed,
      lifeS, colour: warm, rotation: angle, anchorX: 1, scale: 0.5, stretch: length / 128 / 0.5,
    });
  }
}

/** Ghosts behind a dashing player: one a call, called once a frame. */
export function dashGhost(tools: EffectTools, player: PlayerView, colour: number): void {
  tools.light.emit({
    cell: "body", x: player.x * PX_PER_UNIT, y: player.y * PX_PER_UNIT, lifeS: 0.26, colour,
    alpha: 0.4, scale: 0.5, scaleEnd: 0.36, rotation: radians(player.aim),
  });
}

export function dashStart(tools: EffectTools, player: PlayerView, colour: number): void {
  const heading = Math.atan2(player.vy, player.vx) + Math.PI;
  const at = { x: player.x * PX_PER_UNIT, y: player.y * PX_PER_UNIT, heading, spread: 1.1 };
  burst(tools.light, tools.calm ? 4 : 10, at, {
    cell: "streak", colour, speed: 260, lifeS: 0.3, scale: 0.35,
  });
}
