/**
 * The finished rounds that a server has kept, as it lists them at `/replays`.
 *
 * Owns: reading that list. Invariant: what comes out fits its type, whatever the server says.
 */
import { SIDE_TITLES } from "../lexicon";
import { urlOf } from "../net/url";

export interface ReplayRow {
  name: string;
  mode: string;
  map: string;
  endedS: number; // Unix time
  seconds: number;
  outcome: string; // the winner or a draw; "" when the server does not say
  people: number;
}

/** [] where there are none, or where this server keeps none. */
export async function fetchReplays(): Promise<ReplayRow[]> {
  try {
    const response = await fetch(urlOf("replays"), { cache: "no-cache" });
    return response.ok ? replayRows(await response.json()) : [];
  } catch {
    return [];
  }
}

export function replayRows(said: unknown): ReplayRow[] {
  return Array.isArray(said) ? said.flatMap((row) => rowOf(row) ?? []) : [];
}

function rowOf(said: unknown): ReplayRow | null {
  if (!isRecord(said)) return null;
  const { name, mode, map, ended_s: endedS, seconds, players } = said;
  if (typeof name !== "string" || typeof mode !== "string" || typeof map !== "string") return null;
  if (typeof endedS !== "number" || typeof seconds !== "number" || !Array.isArray(players))
    return null;
  const seats = players.filter(isRecord);
  return {
    ...{ name, mode, map, endedS, seconds },
    outcome: outcomeOf(said, seats),
    people: seats.filter((seat) => seat["bot"] === false).length,
  };
}

/** A winner is a side where there are sides, else a seat: not always the one with most points. */
function outcomeOf(said: Record<string, unknown>, seats: Record<string, unknown>[]): string {
  const { winner, red, blue } = said;
  if (typeof winner !== "number") return "";
  const hasSides = seats.some((seat) => typeof seat["team"] === "number" && seat["team"] > 0);
  if (winner < 0) return hasSides ? `a draw, ${score(red, blue)}` : "a draw";
  if (hasSides) {
    const points = winner === 1 ? score(red, blue) : score(blue, red);
    return `${SIDE_TITLES[winner] ?? "somebody"} won, ${points}`;
  }
  const seat = seats.find(({ slot, left }) => slot === winner && left !== true);
  return typeof seat?.["name"] === "string" ? `${seat["name"]} won` : "";
}

function score(ours: unknown, theirs: unknown): string {
  return `${Number(ours)} to ${Number(theirs)}`;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
