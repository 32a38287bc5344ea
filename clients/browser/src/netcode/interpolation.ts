/**
 * The other players, a little behind the server: interpolated between two snapshots, or briefly
 * extrapolated beyond the last one.
 *
 * Owns: the last views, and the remaining offset of a player's drawn position after an
 * extrapolation. Must not know: the network, the local player. Invariants: nobody is drawn between
 * two lives or between the ends of a teleport; nobody is extrapolated for more than
 * `EXTRAPOLATION_TICKS_MAX` without a snapshot; a snapshot that ends an extrapolation moves nobody
 * at once.
 */
import { TUNING, TURN } from "../wire/generated";
import type { View } from "../wire/snapshot";
import { respawned } from "./forces";
import { shareLeft } from "./hiding";
import { bodyRecord, isAlive, type BodyRecord } from "../rules/records";
import { BACK_TICKS, EXTRAPOLATION_TICKS_MAX, HIDDEN_UNITS_MAX, VIEWS_MAX } from "./tuning";

export interface Pose {
  x: number;
  y: number;
  vx: number;
  vy: number;
  aim: number;
  status: number;
}

type Span = readonly [first: number, last: number]; // ticks

interface Hidden {
  x: number;
  y: number;
  sinceTick: number;
}

export class Interpolation {
  private readonly views: View[] = []; // oldest first
  private readonly respawnedIn = new Map<View, Set<number>>();
  private readonly hidden = new Map<number, Hidden>(); // by slot
  private drawnTick = 0;
  private knownTick = 0; // of the newest view when that was drawn
  private sinceTick = 0; // the frame before was drawn from no view after this

  push(view: View): void {
    const isAhead = this.newest !== null && this.drawnTick > this.newest.tick;
    const drawn = isAhead ? this.drawnPoses() : [];
    this.views.push(view);
    this.respawnedIn.set(view, respawned(view));
    const [oldest] = this.views;
    if (this.views.length > VIEWS_MAX && oldest !== undefined) {
      this.views.shift();
      this.respawnedIn.delete(oldest);
    }
    const before = this.views.at(-2)?.tick ?? view.tick;
    for (const [slot, pose] of drawn) this.hide(slot, pose, [before, view.tick]);
  }

  /** The smoothed pose of a player at `tick`, the drawn tick from now on; null: not there. */
  drawnAt(slot: number, tick: number): Pose | null {
    this.goTo(tick);
    const pose = this.poseAt(slot, tick);
    const hidden = this.hidden.get(slot);
    if (pose === null || hidden === undefined) return pose;
    const left = shareLeft(hidden.x, hidden.y, Math.max(0, tick - hidden.sinceTick));
    const isOver = left === 0 || this.isTornAt(slot, hidden.sinceTick, tick);
    if (isOver) this.hidden.delete(slot);
    return isOver ? pose : { ...pose, x: pose.x + hidden.x * left, y: pose.y + hidden.y * left };
  }

  /** Whether a drawn player was out of sight at some moment since the frame before. */
  appeared(slot: number): boolean {
    const { sinceTick, drawnTick } = this;
    return this.views.some(
      (view) => view.tick > sinceTick && view.tick <= drawnTick && !view.bodies.has(slot),
    );
  }

  get newest(): View | null {
    return this.views.at(-1) ?? null;
  }

  /** The newest view that is not after `tick`; before all of them, the oldest. */
  viewAt(tick: number): View | null {
    return this.views.findLast((view) => view.tick <= tick) ?? this.views[0] ?? null;
  }

  /** The pose of a player at `tick` (with its fraction); null when they were not there. */
  poseAt(slot: number, tick: number): Pose | null {
    const index = this.views.findLastIndex((view) => view.tick <= tick);
    const view = this.views[Math.max(0, index)];
    const values = view?.bodies.get(slot);
    if (view === undefined || values === undefined) return null;
    const before = bodyRecord(values);
    if (index < 0) return poseOf(before); // older than every view
    const next = this.views[index + 1];
    const nextValues = next?.bodies.get(slot);
    if (next === undefined || nextValues === undefined) {
      return carriedOn(before, Math.min(tick - view.tick, EXTRAPOLATION_TICKS_MAX));
    }
    const after = bodyRecord(nextValues);
    const ticks = next.tick - view.tick;
    const isRespawn = this.respawnedIn.get(next)?.has(slot) === true;
    if (isRespawn || isTorn(before, after, ticks)) return poseOf(before);
    return between(before, after, (tick - view.tick) / ticks);
  }

  /** Set the drawn tick. It may jump back, when the server stood still; drawn players do not. */
  private goTo(tick: number): void {
    const before = this.drawnTick;
    if (tick === before) return;
    this.sinceTick = Math.min(before, this.knownTick);
    this.knownTick = this.newest?.tick ?? 0;
    const drawn = tick < before - BACK_TICKS ? this.drawnPoses() : [];
    this.drawnTick = tick;
    for (const [slot, pose] of drawn) this.hide(slot, pose, [tick, before]);
  }

  private drawnPoses(): [number, Pose][] {
    const poses: [number, Pose][] = [];
    for (const slot of this.newest?.bodies.keys() ?? []) {
      const pose = this.drawnAt(slot, this.drawnTick);
      if (pose !== null) poses.push([slot, pose]);
    }
    return poses;
  }

  /** Let a player's drawn position glide to the true one, unless the movement has a break. */
  private hide(slot: number, drawn: Pose, [first, last]: Span): void {
    this.hidden.delete(slot);
    const now = this.poseAt(slot, this.drawnTick);
    if (now === null || this.isTornAt(slot, first, last)) return;
    const way = { x: drawn.x - now.x, y: drawn.y - now.y, sinceTick: this.drawnTick };
    if (Math.hypot(way.x, way.y) <= HIDDEN_UNITS_MAX) this.hidden.set(slot, way);
  }

  /** Whether a player's movement has a break after `first` and up to `last`. */
  private isTornAt(slot: number, first: number, last: number): boolean {
    return this.views.some((view, index) => {
      if (view.tick <= first || view.tick > last) return false;
      const [before, after] = [this.views[index - 1]?.bodies.get(slot), view.bodies.get(slot)];
      if (before === undefined || after === undefined) return true;
      const ticks = view.tick - (this.views[index - 1]?.tick ?? view.tick);
      const isRespawn = this.respawnedIn.get(view)?.has(slot) === true;
      return isRespawn || isTorn(bodyRecord(before), bodyRecord(after), ticks);
    });
  }
}

/**
 * Whether the movement has a break: a death, a spawn, or a move farther than any player can make.
 */
function isTorn(before: BodyRecord, after: BodyRecord, ticks: number): boolean {
  if (isAlive(before) !== isAlive(after)) return true;
  const farthest = TUNING.speedMax * ticks;
  return Math.hypot(after.x - before.x, after.y - before.y) > farthest;
}

function between(before: BodyRecord, after: BodyRecord, fraction: number): Pose {
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

function carriedOn(record: BodyRecord, ticks: number): Pose {
  const pose = poseOf(record);
  if (!isAlive(record)) return pose;
  return { ...pose, x: pose.x + pose.vx * ticks, y: pose.y + pose.vy * ticks };
}

function poseOf(record: BodyRecord): Pose {
  const { x, y, vx, vy, status } = record;
  return { x, y, vx, vy, status, aim: record.aim8 << 8 };
}

/** Interpolate the short way round. */
function mixAim(from: number, to: number, fraction: number): number {
  const turn = ((((to - from + TURN / 2) % TURN) + TURN) % TURN) - TURN / 2;
  return (from + turn * fraction + TURN) % TURN;
}
