/**
 * What flies, drawn ahead of the last snapshot along its velocity, and one's own shots before the
 * server knows them.
 *
 * Owns: when each shot was first seen, and the ghosts of shots just fired. Must not know: the
 * network. Invariants: no shot is drawn beyond a wall on its way; a ghost is gone as soon as its
 * shot is in a snapshot, or clearly never was.
 */
import type { ShotView } from "../model";
import type { View } from "../wire/snapshot";
import { trace } from "./collision";
import type { Ground } from "./movement";
import { shotRecord } from "./records";

const CATCH_UP_TICKS = 15;
const GHOST_TICKS_MAX = 40; // a round trip of over half a second
const GHOST_EARLY_TICKS = 2;
const AHEAD_TICKS_MAX = 40;

interface Ghost {
  number: number; // negative: the server's numbers are not
  weapon: number;
  tick: number; // it left in this one
  x: number;
  y: number;
  vx: number;
  vy: number;
}

export class Shots {
  private readonly firstTicks = new Map<number, number>(); // by shot number
  private ghosts: Ghost[] = [];
  private nextGhost = -1;

  constructor(
    private readonly ground: Ground,
    private readonly ownSlot: number,
  ) {}

  /** A snapshot came: note new shots, and let go of the ghosts that they answer. */
  note(view: View): void {
    for (const [number, values] of view.shots) {
      if (this.firstTicks.has(number)) continue;
      this.firstTicks.set(number, view.tick);
      const source = shotRecord(values).source;
      if (source >> 3 === this.ownSlot) this.answer(source & 7, view.tick);
    }
    for (const number of this.firstTicks.keys()) {
      if (!view.shots.has(number)) this.firstTicks.delete(number);
    }
    this.ghosts = this.ghosts.filter((ghost) => view.tick < ghost.tick + GHOST_EARLY_TICKS);
  }

  /** Oneself fired at (x, y) in `tick`; the server will say so a round trip later. */
  fire(weapon: number, tick: number, from: { x: number; y: number; vx: number; vy: number }): void {
    this.ghosts.push({ ...from, number: this.nextGhost, weapon, tick });
    this.nextGhost -= 1;
  }

  /**
   * Everything that flies, as of `tick`. `lagTicks` is how far behind that the others are drawn:
   * their shots leave where they are drawn, and catch up in a quarter of a second.
   */
  at(view: View, tick: number, lagTicks: number): ShotView[] {
    const drawn: ShotView[] = [];
    for (const [number, values] of view.shots) {
      const { x, y, vx, vy, source } = shotRecord(values);
      const owner = source >> 3;
      const firstTick = this.firstTicks.get(number) ?? view.tick;
      const age = Math.max(0, tick - lagTicks - firstTick);
      const lag = owner === this.ownSlot ? 0 : lagTicks * Math.max(0, 1 - age / CATCH_UP_TICKS);
      const ticks = Math.max(firstTick - 1, tick - lag) - view.tick;
      drawn.push({ number, owner, weapon: source & 7, vx, vy, ...this.along(x, y, vx, vy, ticks) });
    }
    for (const ghost of this.ghosts) {
      const ticks = tick - ghost.tick + 1; // a shot flies in the tick it leaves
      if (ticks > GHOST_TICKS_MAX) continue;
      const { number, weapon, x, y, vx, vy } = ghost;
      drawn.push({
        number,
        owner: this.ownSlot,
        weapon,
        vx,
        vy,
        ...this.along(x, y, vx, vy, ticks),
      });
    }
    return drawn;
  }

  clear(): void {
    this.firstTicks.clear();
    this.ghosts = [];
  }

  private answer(weapon: number, tick: number): void {
    const index = this.ghosts.findIndex((ghost) => ghost.weapon === weapon && ghost.tick <= tick);
    if (index >= 0) this.ghosts.splice(index, 1);
  }

  /** From (x, y) for so many ticks (back, if negative), but not into a wall. */
  private along(
    x: number,
    y: number,
    vx: number,
    vy: number,
    ticks: number,
  ): { x: number; y: number } {
    const bounded = Math.min(AHEAD_TICKS_MAX, ticks);
    const x2 = x + vx * bounded;
    const y2 = y + vy * bounded;
    const end = trace(this.ground, Math.floor(x), Math.floor(y), Math.floor(x2), Math.floor(y2));
    return end.blocked ? { x: end.x, y: end.y } : { x: x2, y: y2 };
  }
}
