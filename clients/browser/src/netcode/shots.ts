/**
 * Projectiles, drawn ahead of the last snapshot, and the local player's shots before the server
 * knows them.
 *
 * Owns: when each shot was first seen, and the ghosts of shots just fired. Must not know: the
 * network. Invariants: a ghost turns into its shot under the same number and without a jump, so
 * nothing is drawn twice; one that the server never made fades away within `FADE_TICKS`.
 */
import type { ShotView } from "../model";
import type { View } from "../wire/snapshot";
import type { PendingAction } from "./predictedActions";
import { flyOn, type Course } from "./flight";
import type { Ground } from "../rules/movement";
import { shotRecord } from "../rules/records";
import { shotVelocity } from "../rules/weapons";
import { CATCH_UP_TICKS, FADE_TICKS, GHOST_TICKS_MAX, SHOT_ERROR_HALVES_IN_TICKS } from "./tuning";

/** The offset of a shot's drawn place from where it should have been, when it began to shrink. */
interface Offset {
  x: number;
  y: number;
  sinceTick: number;
}

interface Ghost extends Course {
  number: number; // negative: the server's numbers are not
  tick: number; // it was fired in this one
  error: Offset;
  deniedTick: number | null; // the server never made it
}

interface Known {
  firstTick: number;
  number: number; // as drawn: that of its ghost, if it had one
  error: Offset;
}

const NO_ERROR: Offset = { x: 0, y: 0, sinceTick: 0 };

export class Shots {
  private readonly known = new Map<number, Known>(); // by the server's number
  private readonly ghosts = new Map<number, Ghost>();

  constructor(
    private readonly ground: Ground,
    private readonly ownSlot: number,
  ) {}

  /** Add a ghost for a shot of the local player. */
  fire(action: PendingAction): void {
    this.ghosts.set(action.number, ghostOf(action));
  }

  /** Move a ghost whose shot was fired in another tick than predicted, or from elsewhere. */
  move(action: PendingAction, nowTick: number): void {
    const before = this.ghosts.get(action.number);
    if (before === undefined) return;
    const after = ghostOf(action);
    after.error = between(this.drawn(before, nowTick), this.drawn(after, nowTick), nowTick);
    this.ghosts.set(action.number, after);
  }

  /** Let the ghost fade of a shot that was never fired. */
  deny(action: PendingAction, nowTick: number): void {
    const ghost = this.ghosts.get(action.number);
    if (ghost !== undefined) ghost.deniedTick ??= nowTick;
  }

  /**
   * Note the new shots of a snapshot, and put own ones in the place of their ghosts. A `confirmed`
   * shot that is not in it has ended already.
   */
  note(view: View, confirmed: readonly PendingAction[], nowTick: number): void {
    for (const [number, values] of view.shots) {
      if (this.known.has(number)) continue;
      const { x, y, vx, vy, source } = shotRecord(values);
      const course = { x, y, vx, vy, weapon: source & 7 };
      const ghost = source >> 3 === this.ownSlot ? this.ghostAt(course, view.tick) : null;
      this.known.set(number, { firstTick: view.tick, number, error: NO_ERROR });
      if (ghost === null) continue;
      const real = flyOn(this.ground, course, nowTick - view.tick);
      const error = between(this.drawn(ghost, nowTick), real, nowTick);
      this.known.set(number, { firstTick: view.tick, number: ghost.number, error });
      this.ghosts.delete(ghost.number);
    }
    for (const number of this.known.keys()) {
      if (!view.shots.has(number)) this.known.delete(number);
    }
    for (const { number } of confirmed) this.ghosts.delete(number);
    for (const [number, { tick }] of this.ghosts) {
      if (tick < nowTick - GHOST_TICKS_MAX) this.ghosts.delete(number);
    }
  }

  /**
   * All projectiles as of `tick`. `lagTicks` is how far behind that the others are drawn: their
   * shots start where they are drawn, and catch up in a quarter of a second.
   */
  at(view: View, tick: number, lagTicks: number): ShotView[] {
    const drawn: ShotView[] = [];
    for (const [number, values] of view.shots) {
      const { x, y, vx, vy, source } = shotRecord(values);
      const owner = source >> 3;
      const weapon = source & 7;
      const known = this.known.get(number);
      const firstTick = known?.firstTick ?? view.tick;
      const age = Math.max(0, tick - lagTicks - firstTick);
      const lag = owner === this.ownSlot ? 0 : lagTicks * Math.max(0, 1 - age / CATCH_UP_TICKS);
      const ticks = Math.max(firstTick - 1, tick - lag) - view.tick;
      const course = flyOn(this.ground, { x, y, vx, vy, weapon }, ticks);
      const place = shifted(course, known?.error ?? NO_ERROR, tick);
      drawn.push({ ...place, number: known?.number ?? number, owner, opacity: 1 });
    }
    for (const [number, ghost] of this.ghosts) {
      const fading = ghost.deniedTick === null ? 0 : (tick - ghost.deniedTick) / FADE_TICKS;
      if (fading >= 1) this.ghosts.delete(number);
      const opacity = Math.min(1, 1 - fading);
      if (opacity > 0)
        drawn.push({ ...this.drawn(ghost, tick), number, owner: this.ownSlot, opacity });
    }
    return drawn;
  }

  /** The ghost of an own shot that is on `course` at `tick`: the nearest of its weapon. */
  private ghostAt(course: Course, tick: number): Ghost | null {
    const distance = (ghost: Ghost): number => {
      const there = this.course(ghost, tick);
      return Math.hypot(there.x - course.x, there.y - course.y);
    };
    const candidates = [...this.ghosts.values()].filter(
      (ghost) => ghost.weapon === course.weapon && ghost.tick <= tick + 1,
    );
    candidates.sort((one, other) => distance(one) - distance(other));
    return candidates[0] ?? null;
  }

  /** The shot's position by the rules; a shot already flies in the tick it is fired. */
  private course(ghost: Ghost, tick: number): Course {
    const { x, y, vx, vy, weapon } = ghost;
    return flyOn(this.ground, { x, y, vx, vy, weapon }, tick - ghost.tick + 1);
  }

  private drawn(ghost: Ghost, tick: number): Course {
    return shifted(this.course(ghost, tick), ghost.error, tick);
  }
}

function ghostOf({ number, tick, event, x, y, aim }: PendingAction): Ghost {
  const weapon = event[2] ?? 0;
  const velocity = shotVelocity(weapon, aim);
  return { ...velocity, number, weapon, tick, x, y, error: NO_ERROR, deniedTick: null };
}

function between(drawn: Course, place: Course, tick: number): Offset {
  return { x: drawn.x - place.x, y: drawn.y - place.y, sinceTick: tick };
}

function shifted(course: Course, error: Offset, tick: number): Course {
  const left = 0.5 ** (Math.max(0, tick - error.sinceTick) / SHOT_ERROR_HALVES_IN_TICKS);
  return { ...course, x: course.x + error.x * left, y: course.y + error.y * left };
}
