/** The modes' part of a made-up fight: sides, flags and a circle. */
import { TILE_UNITS } from "../lexicon";
import type { Arena, CircleView, FlagView, Frame, PlayerView } from "../model";

export type PlaygroundMode = "deathmatch" | "teams" | "ctf" | "last";

type Objectives = Pick<Frame, "teamScores" | "flags" | "circle">;

const CLOSING_TICKS = 1_800;

/** Puts every second player on the other side, where the mode has sides. */
export function takeSides(mode: PlaygroundMode, players: PlayerView[]): void {
  if (mode === "deathmatch" || mode === "last") return;
  for (const player of players) player.team = 1 + (player.slot % 2);
}

/** Red lies in the open, Blue is carried by the first of the others. */
export function modeObjectives(
  mode: PlaygroundMode,
  arena: Arena,
  players: PlayerView[],
  tick: number,
): Objectives {
  const circle = mode === "last" ? circleOf(arena, tick) : null;
  const teamScores = mode === "teams" || mode === "ctf" ? [17, 21] : [];
  return { teamScores, flags: mode === "ctf" ? flagsOf(players) : [], circle };
}

function flagsOf(players: PlayerView[]): FlagView[] {
  const carrier = players.find((player) => player.team === 1 && !player.self && player.alive);
  const { x = 0, y = 0, slot = -1 } = carrier ?? {};
  const ground = { x: 27 * TILE_UNITS, y: 16 * TILE_UNITS };
  return [
    { team: 1, ...ground, seen: true, state: "ground", carrier: -1, returnTick: 4_000 },
    { team: 2, x, y, seen: true, state: "carried", carrier: slot, returnTick: 0 },
  ];
}

function circleOf(arena: Arena, tick: number): CircleView {
  const middle = { x: (arena.width * TILE_UNITS) / 2, y: (arena.height * TILE_UNITS) / 2 };
  const begin = 3_000;
  const gone = Math.min(1, Math.max(0, (tick - begin) / CLOSING_TICKS));
  const [first, last] = [17 * TILE_UNITS, 5 * TILE_UNITS];
  const next = { x: middle.x + 6 * TILE_UNITS, y: middle.y + 2 * TILE_UNITS, radius: last };
  const now = {
    x: middle.x + (next.x - middle.x) * gone,
    y: middle.y + (next.y - middle.y) * gone,
    radius: first + (last - first) * gone,
  };
  return { now, next, beginTick: begin, endTick: begin + CLOSING_TICKS };
}
