/**
 * The path of a shot through the arena, as game/projectiles.py moves it, for drawing it ahead of
 * the last snapshot.
 *
 * Owns: where it stops and where it bounces. Must not know: whom it hits, or who sees it.
 * Invariant: no shot is ever drawn in a wall or beyond one.
 */
import { TUNING } from "../wire/generated";
import { trace, X_AXIS, Y_AXIS } from "../rules/collision";
import type { Ground } from "../rules/movement";
import { FLIGHT_TICKS_MAX } from "./tuning";

export interface Course {
  x: number;
  y: number;
  vx: number;
  vy: number;
  weapon: number;
}

/** The course after so many ticks (before, if negative); fractions are fine. */
export function flyOn(ground: Ground, course: Course, ticks: number): Course {
  const bounded = Math.min(FLIGHT_TICKS_MAX, ticks);
  const bounces = (TUNING.weapons[course.weapon]?.bounces ?? 0) > 0;
  return bounces && bounded > 0
    ? bounced(ground, course, bounded)
    : straight(ground, course, bounded).course;
}

/** Tick by tick: a bounce loses the rest of its tick, and the next one goes back. */
function bounced(ground: Ground, from: Course, ticks: number): Course {
  let course = from;
  for (let left = ticks; left > 0; left -= 1) {
    const { course: next, axis } = straight(ground, course, Math.min(1, left));
    course = {
      ...next,
      vx: axis & X_AXIS ? 0 - next.vx : next.vx,
      vy: axis & Y_AXIS ? 0 - next.vy : next.vy,
    };
  }
  return course;
}

function straight(ground: Ground, from: Course, ticks: number): { course: Course; axis: number } {
  const x2 = from.x + from.vx * ticks;
  const y2 = from.y + from.vy * ticks;
  const [x, y] = [Math.floor(from.x), Math.floor(from.y)];
  const end = trace(ground, x, y, Math.floor(x2), Math.floor(y2));
  const place = end.blocked ? { x: end.x, y: end.y } : { x: x2, y: y2 };
  return { course: { ...from, ...place }, axis: end.axis };
}
