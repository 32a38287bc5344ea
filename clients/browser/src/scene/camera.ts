/**
 * The camera: follows one player with a lead towards the pointer, or shows the whole
 * map.
 *
 * Owns: centre, zoom and shake, in pixels of the painted world (`TILE_PX` to a tile). Must not know
 * Pixi or the DOM. Invariant: the lead comes from the pointer's place on the screen, never from the
 * world under it, so that aiming and looking cannot chase each other.
 */
import { TILE_UNITS } from "../lexicon";
import type { Arena } from "../model";
import { SIGHT_TILES } from "../wire/generated";

export const TILE_PX = 48;
export const PX_PER_UNIT = TILE_PX / TILE_UNITS;

// The area that 1280 × 720 shows; screens of other shapes show an equal area.
const VIEW_TILES_SQUARE = 26 * 14.625;
// With fog, no screen shows more: players beyond `SIGHT_TILES` are not sent. Where the camera stops
// at the map's edge, the player is up to this, less the margin, away from the screen's other end.
const VIEW_TILES_LONGEST = SIGHT_TILES + 2;
const SCREEN_PX_PER_TILE_MIN = 34; // phones show fewer tiles, but large enough to hit
const LEAD_SHARE = 0.2; // of the way from the middle of the screen to the pointer
const LEAD_RATE_PER_S = 7;
const FOLLOW_RATE_PER_S = 22;
const JUMP_TILES = 9; // farther than this is a new place, not a movement
const SHAKE_DECAY_PER_S = 7;
const SHAKE_PX_MAX = 15;
const MARGIN_TILES = 3; // how far beyond the map's edge the screen may reach

export interface CameraTarget {
  x: number; // units
  y: number;
}

export class Camera {
  x = 0; // the middle of the screen, in painted pixels
  y = 0;
  zoom = 1; // screen pixels to a painted pixel
  shakeX = 0;
  shakeY = 0;
  private width = 1;
  private height = 1;
  private leadX = 0;
  private leadY = 0;
  private shakePx = 0;
  private placed = false;

  resize(width: number, height: number): void {
    this.width = Math.max(1, width);
    this.height = Math.max(1, height);
  }

  /** `pointer` is in screen pixels; null while there is none (touch, gamepad). */
  follow(
    target: CameraTarget,
    pointer: { x: number; y: number } | null,
    arena: Arena,
    deltaMs: number,
  ): void {
    const perTile = Math.sqrt((this.width * this.height) / VIEW_TILES_SQUARE);
    const longest = Math.max(this.width, this.height) / VIEW_TILES_LONGEST;
    this.zoom = Math.max(SCREEN_PX_PER_TILE_MIN, perTile, longest) / TILE_PX;
    const lead = pointer ?? { x: this.width / 2, y: this.height / 2 };
    const leadShare = 1 - Math.exp((-deltaMs / 1000) * LEAD_RATE_PER_S);
    this.leadX += (((lead.x - this.width / 2) * LEAD_SHARE) / this.zoom - this.leadX) * leadShare;
    this.leadY += (((lead.y - this.height / 2) * LEAD_SHARE) / this.zoom - this.leadY) * leadShare;
    const goal = this.clamped(
      target.x * PX_PER_UNIT + this.leadX,
      target.y * PX_PER_UNIT + this.leadY,
      arena,
    );
    const far = Math.hypot(goal.x - this.x, goal.y - this.y) > JUMP_TILES * TILE_PX;
    const share = far || !this.placed ? 1 : 1 - Math.exp((-deltaMs / 1000) * FOLLOW_RATE_PER_S);
    this.x += (goal.x - this.x) * share;
    this.y += (goal.y - this.y) * share;
    this.placed = true;
  }

  showWholeMap(arena: Arena): void {
    const [width, height] = [arena.width * TILE_PX, arena.height * TILE_PX];
    this.zoom = Math.min(this.width / (width + TILE_PX), this.height / (height + TILE_PX));
    this.x = width / 2;
    this.y = height / 2;
    this.placed = false;
  }

  /** Look at a given place, at a given zoom. */
  place(view: { x: number; y: number; pxPerTile: number }): void {
    this.zoom = view.pxPerTile / TILE_PX;
    this.x = view.x * PX_PER_UNIT;
    this.y = view.y * PX_PER_UNIT;
    this.placed = false;
  }

  /** `strength` 1 is a rocket at the player's feet. */
  shake(strength: number): void {
    this.shakePx = Math.min(SHAKE_PX_MAX, this.shakePx + strength * SHAKE_PX_MAX);
  }

  settle(deltaMs: number, nowMs: number): void {
    this.shakePx *= Math.exp((-deltaMs / 1000) * SHAKE_DECAY_PER_S);
    if (this.shakePx < 0.2) this.shakePx = 0;
    // Three sines without a common period look random and never jump.
    this.shakeX = this.shakePx * Math.sin(nowMs * 0.071) * Math.cos(nowMs * 0.029);
    this.shakeY = this.shakePx * Math.sin(nowMs * 0.083 + 2) * Math.cos(nowMs * 0.023);
  }

  /** Screen pixels → units. Without the shake: a blast must not move the aim. */
  worldAt(screenX: number, screenY: number): { x: number; y: number } {
    return {
      x: ((screenX - this.width / 2) / this.zoom + this.x) / PX_PER_UNIT,
      y: ((screenY - this.height / 2) / this.zoom + this.y) / PX_PER_UNIT,
    };
  }

  /** Painted pixels → screen pixels, shake included. */
  get offset(): { x: number; y: number } {
    return {
      x: this.width / 2 - this.x * this.zoom + this.shakeX,
      y: this.height / 2 - this.y * this.zoom + this.shakeY,
    };
  }

  /** Painted pixels → screen pixels, without the shake. */
  onScreen(x: number, y: number): { x: number; y: number } {
    return {
      x: (x - this.x) * this.zoom + this.width / 2,
      y: (y - this.y) * this.zoom + this.height / 2,
    };
  }

  /** The rectangle on the screen, in painted pixels, with a margin for the shake. */
  get bounds(): { left: number; right: number; top: number; bottom: number } {
    const reachX = (this.width / 2 + SHAKE_PX_MAX) / this.zoom;
    const reachY = (this.height / 2 + SHAKE_PX_MAX) / this.zoom;
    return {
      left: this.x - reachX,
      right: this.x + reachX,
      top: this.y - reachY,
      bottom: this.y + reachY,
    };
  }

  /** In CSS pixels. */
  get size(): { width: number; height: number } {
    return { width: this.width, height: this.height };
  }

  /** True when a circle in painted pixels touches the screen. */
  sees(x: number, y: number, radius: number): boolean {
    const reachX = this.width / 2 / this.zoom + radius;
    const reachY = this.height / 2 / this.zoom + radius;
    return Math.abs(x - this.x) < reachX && Math.abs(y - this.y) < reachY;
  }

  private clamped(x: number, y: number, arena: Arena): { x: number; y: number } {
    const along = (at: number, tiles: number, screen: number): number => {
      const half = screen / 2 / this.zoom;
      const low = half - MARGIN_TILES * TILE_PX;
      const high = (tiles + MARGIN_TILES) * TILE_PX - half;
      return low > high ? (tiles * TILE_PX) / 2 : Math.min(high, Math.max(low, at));
    };
    return { x: along(x, arena.width, this.width), y: along(y, arena.height, this.height) };
  }
}
