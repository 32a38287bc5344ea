/**
 * A camera that goes where fingers or the mouse drag it.
 *
 * Owns: its place and how close it is. Must not know: the DOM, Pixi. Invariants: the middle of the
 * screen stays on the map, and the map never gets smaller than the screen needs it.
 */
import { TILE_UNITS } from "../lexicon";
import type { Arena, FreeView } from "../model";

const PX_PER_TILE_MAX = 110;
const MARGIN_TILES = 2;

export class FreeCamera {
  private view: FreeView | null = null;

  /** The camera's target; null while it is off. */
  get current(): FreeView | null {
    return this.view;
  }

  get isOn(): boolean {
    return this.view !== null;
  }

  /** On: from a place, or from the middle with the whole map in sight. */
  turnOn(arena: Arena, screen: Size, at: { x: number; y: number } | null): void {
    const whole = wholeMap(arena, screen);
    this.view = at === null
      ? { x: (arena.width * TILE_UNITS) / 2, y: (arena.height * TILE_UNITS) / 2, pxPerTile: whole }
      : { x: at.x, y: at.y, pxPerTile: Math.max(whole, Math.min(PX_PER_TILE_MAX, whole * 2)) };
  }

  turnOff(): void {
    this.view = null;
  }

  /** The map under a finger follows it. */
  drag(dxPx: number, dyPx: number, arena: Arena): void {
    if (this.view === null) return;
    const unitsPerPx = TILE_UNITS / this.view.pxPerTile;
    this.view = {
      ...this.view,
      x: within(this.view.x - dxPx * unitsPerPx, arena.width),
      y: within(this.view.y - dyPx * unitsPerPx, arena.height),
    };
  }

  /** Closer by a factor, with the place under the pointer (from the middle of the screen) kept. */
  zoom(factor: number, from: { x: number; y: number }, arena: Arena, screen: Size): void {
    const { view } = this;
    if (view === null) return;
    const least = wholeMap(arena, screen);
    const wanted = Math.max(least, Math.min(PX_PER_TILE_MAX, view.pxPerTile * factor));
    const shift = TILE_UNITS / view.pxPerTile - TILE_UNITS / wanted;
    this.view = {
      x: within(view.x + from.x * shift, arena.width),
      y: within(view.y + from.y * shift, arena.height),
      pxPerTile: wanted,
    };
  }
}

export interface Size {
  width: number; // CSS pixels
  height: number;
}

function wholeMap(arena: Arena, screen: Size): number {
  return Math.min(
    screen.width / (arena.width + MARGIN_TILES),
    screen.height / (arena.height + MARGIN_TILES),
  );
}

function within(at: number, tiles: number): number {
  return Math.max(0, Math.min(tiles * TILE_UNITS, at));
}
