/**
 * The others, a little behind the server: between two snapshots where there are two, a little
 * beyond where not.
 *
 * Owns: the last views. Must not know: the network, oneself. Invariants: nobody is drawn on a way
 * between two lives or two ends of a teleport; nobody is carried on for more than
 * `EXTRAPOLATION_TICKS_MAX` without news.
 */
import { TUNING, TURN } from "../wire/generated";
import type { View } from "../wire/snapshot";
import { isAlive, playerRecord, type PlayerRecord } from "./records";

export const EXTRAPOLATION_TICKS_MAX = 6;
const VIEWS_MAX = 40; // more than a second

export interface Pose {
  x: number;
  y: number;
  vx: number;
  vy: number;
  aim: number;
  status: number;
}

export class Interpolation {
  private readonly views: View[] = []; // oldest first

  push(view: View): void {
    this.views.push(view);
    if (this.views.length > VIEWS_MAX) this.views.shift();
  }

  clear(): void {
    this.views.length = 0;
  }

  get newest(): View | null {
    return this.views.at(-1) ?? null;
  }

  /** The newest view that is not after `tick`; before all of them, the oldest. */
  viewAt(tick: number): View | null {
    return this.views.findLast((view) => view.tick <= tick) ?? this.views[0] ?? null;
  }

  /** How a player stands at `tick` (with its fraction); null when he was not there. */
  poseAt(slot: number, tick: number): Pose | null {
    const index = this.views.findLastIndex((view) => view.tick <= tick);
    const view = this.views[Math.max(0, index)];
    const values = view?.players.get(slot);
    if (view === undefined || values === undefined) return null;
    const before = playerRecord(values);
    if (index < 0) return poseOf(before); // older than all we know
    const next = this.views[index + 1];
    const nextValues = next?.players.get(slot);
    if (next === undefined || nextValues === undefined) {
      return carriedOn(before, Math.min(tick - view.tick, EXTRAPOLATION_TICKS_MAX));
    }
    const after = playerRecord(nextValues);
    const ticks = next.tick - view.tick;
    if (isTorn(before, after, ticks)) return poseOf(before);
    return between(before, after, (tick - view.tick) / ticks);
  }
}

/**
 * Whether no way leads from one record to the next: a death, a spawn, or farther than anybody can
 * move.
 */
function isTorn(before: PlayerRecord, after: PlayerRecord, ticks: number): boolean {
  if (isAlive(before) !== isAlive(after)) return true;
  const farthest = TUNING.speedMax * ticks;
  return Math.hypot(after.x - before.x, after.y - before.y) > farthest;
}

function between(before: PlayerRecord, after: PlayerRecord, fraction: number): Pose {
  const mix = (from: number, to: number): number => from + (to - from) * fraction;
  return {
    x: mix(before.x, after.x),
    y: mix(before.y, after.y),
    vx: mix(before.vx, after.vx),
    vy: mix(before.vy, after.vy),
    aim: mixAim(before.aim8 << 8, after.aim8 << 8, fraction),
    status: before.status,
  };
}

function carriedOn(record: PlayerRecord, ticks: number): Pose {
  const pose = poseOf(record);
  if (!isAlive(record)) return pose;
  return { ...pose, x: pose.x + pose.vx * ticks, y: pose.y + pose.vy * ticks };
}

function poseOf(record: PlayerRecord): Pose {
  const { x, y, vx, vy, status } = record;
  return { x, y, vx, vy, status, aim: record.aim8 << 8 };
}

/** The short way round. */
function mixAim(from: number, to: number, fraction: number): number {
  const turn = ((((to - from + TURN / 2) % TURN) + TURN) % TURN) - TURN / 2;
  return (from + turn * fraction + TURN) % TURN;
}
