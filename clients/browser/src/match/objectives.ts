/**
 * The objectives of a round: team scores, flags and the circle, ready to draw.
 *
 * Owns: where a flag is drawn and how large the circle is at a tick. Must not know: sockets,
 * drawing. Invariant: a carried flag is where its carrier is drawn in the same frame.
 */
import type { CircleView, Disc, FlagView, Frame, PlayerView } from "../model";
import { circleRecord, flagRecord, type CircleRecord } from "../rules/records";
import { HOME, ON_GROUND } from "../wire/generated";
import type { View } from "../wire/snapshot";

export type Objectives = Pick<Frame, "teamScores" | "flags" | "circle">;

/** The objectives of the newest view; `players` are those of the same frame. */
export function objectives(
  view: View | null,
  players: readonly PlayerView[],
  tick: number,
): Objectives {
  return {
    teamScores: [...(view?.teams.values() ?? [])].map(([score = 0]) => score),
    flags: flagViews(view, players),
    circle: circleView(view?.circle ?? [], tick),
  };
}

/** Null when there is no circle. */
export function circleView(values: readonly number[], tick: number): CircleView | null {
  const circle = circleRecord(values);
  if (circle.endTick === 0) return null;
  const { nextX, nextY, nextRadius, beginTick, endTick } = circle;
  return {
    now: discAt(circle, tick),
    next: { x: nextX, y: nextY, radius: nextRadius },
    ...{ beginTick, endTick },
  };
}

function discAt(circle: CircleRecord, tick: number): Disc {
  const { x, y, radius, nextX, nextY, nextRadius, beginTick, endTick } = circle;
  const gone = tick <= beginTick ? 0 : tick >= endTick ? 1 : (tick - beginTick) / (endTick - beginTick);
  const between = (from: number, to: number): number => from + (to - from) * gone;
  return { x: between(x, nextX), y: between(y, nextY), radius: between(radius, nextRadius) };
}

function flagViews(view: View | null, players: readonly PlayerView[]): FlagView[] {
  return [...(view?.flags ?? [])].map(([team, values]) => {
    const { x, y, holder, returnTick } = flagRecord(values);
    if (holder === HOME || holder === ON_GROUND) {
      const state = holder === HOME ? "home" : "ground";
      return { team, x, y, seen: true, state, carrier: -1, returnTick };
    }
    const carrier = players.find((player) => player.seen && player.slot === holder);
    const place = carrier === undefined ? { x, y } : { x: carrier.x, y: carrier.y };
    const seen = carrier !== undefined;
    return { team, ...place, seen, state: "carried", carrier: holder, returnTick };
  });
}
