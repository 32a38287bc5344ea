/**
 * The bar below a replay, in numbers: where kills lie on it, what time a place is.
 *
 * Owns: the arithmetic. Must not know: the DOM. Invariant: there are never more marks than can be
 * told apart.
 */
import { clockText } from "../lexicon";
import { TICKS_PER_SECOND, type MatchServerMarks } from "../wire/generated";

export type Kill = MatchServerMarks["kills"][number];

export interface Mark {
  tick: number; // the second in which the first of them died
  share: number; // of the bar, 0 … 1
  kills: Kill[];
}

const MARKS_MAX = 120;
/** A kill is worth its story: so much before it is where a click leads. */
export const LEAD_IN_TICKS = 3 * TICKS_PER_SECOND;

/** Kills by their place on the bar; those that lie too close become one mark. */
export function marksOf(kills: readonly Kill[], firstTick: number, lastTick: number): Mark[] {
  const length = Math.max(1, lastTick - firstTick);
  const marks = new Map<number, Mark>();
  for (const kill of kills) {
    const place = Math.floor(((kill.tick - firstTick) / length) * MARKS_MAX);
    const mark = marks.get(place);
    if (mark === undefined) {
      marks.set(place, { tick: kill.tick, share: shareOf(kill.tick, firstTick, lastTick), kills: [kill] });
    } else mark.kills.push(kill);
  }
  return [...marks.values()];
}

export function shareOf(tick: number, firstTick: number, lastTick: number): number {
  const share = (tick - firstTick) / Math.max(1, lastTick - firstTick);
  return Math.max(0, Math.min(1, share));
}

/** Since the beginning, as m:ss. */
export function timeText(tick: number, firstTick: number): string {
  const seconds = Math.floor(Math.max(0, tick - firstTick) / TICKS_PER_SECOND);
  return clockText(seconds * TICKS_PER_SECOND);
}

/** The event at a mark, for its tooltip and for screen readers. */
export function markText(mark: Mark, firstTick: number, nameOf: (slot: number) => string): string {
  const stories = mark.kills.map(({ victim, killer }) =>
    killer >= 0 && killer !== victim
      ? `${nameOf(killer)} got ${nameOf(victim)}`
      : `${nameOf(victim)} died`,
  );
  return `${timeText(mark.tick, firstTick)}: ${stories.join(", ")}`;
}

/** The tick at which to start watching the next kill after `tick`; null when none comes. */
export function nextKillTick(kills: readonly Kill[], tick: number): number | null {
  const next = kills.find((kill) => kill.tick - LEAD_IN_TICKS > tick + TICKS_PER_SECOND / 2);
  return next === undefined ? null : next.tick - LEAD_IN_TICKS;
}

/** The tick at which to start watching the previous kill; null when there was none. */
export function lastKillTick(kills: readonly Kill[], tick: number): number | null {
  const last = kills.findLast((kill) => kill.tick - LEAD_IN_TICKS < tick - TICKS_PER_SECOND);
  return last === undefined ? null : last.tick - LEAD_IN_TICKS;
}
