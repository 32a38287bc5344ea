/**
 * The finished rounds that a server has kept, as it lists them at `/replays`.
 *
 * Owns: reading that list. Invariant: what comes out fits its type, whatever the server says.
 */
export interface ReplayRow {
  name: string;
  mode: string;
  map: string;
  endedS: number; // Unix time
  seconds: number;
  best: string; // who had the most points; "" nobody
  people: number;
}

/** [] where there are none, or where this server keeps none. */
export async function fetchReplays(): Promise<ReplayRow[]> {
  try {
    const response = await fetch("/replays", { cache: "no-cache" });
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
  const best = seats[0]?.["name"];
  return {
    ...{ name, mode, map, endedS, seconds },
    best: typeof best === "string" ? best : "",
    people: seats.filter((seat) => seat["bot"] === false).length,
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
