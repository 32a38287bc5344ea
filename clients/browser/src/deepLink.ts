/**
 * Deep links: `/?room=CODE` joins a private room, `/?watch=ID` watches a match,
 * `/?replay=NAME` watches a finished one.
 *
 * Invariant: what is returned fits the wire's limits, whatever the address says.
 */
import type { LobbyClientMessage } from "./wire/generated";

const REPLAY_NAME = /^[\w-]{1,40}$/;
const CODE_CHARACTERS_MAX = 24; // in any grouping: the server reads it
const MATCH_CHARACTERS_MAX = 24;

/** The message that an address asks to send, or null. `search` is `location.search`. */
export function wishOfAddress(search: string): LobbyClientMessage | null {
  const asked = new URLSearchParams(search);
  const code = (asked.get("room") ?? "").trim().toUpperCase();
  if (code.length > 0 && code.length <= CODE_CHARACTERS_MAX) return { type: "join_room", code };
  const match = (asked.get("watch") ?? "").trim();
  if (match.length > 0 && match.length <= MATCH_CHARACTERS_MAX)
    return { type: "watch_match", match };
  return null;
}

/** The replay that an address asks for, or null. */
export function replayOfAddress(search: string): string | null {
  const name = new URLSearchParams(search).get("replay") ?? "";
  return REPLAY_NAME.test(name) ? name : null;
}
