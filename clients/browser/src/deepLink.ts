/**
 * What an address asks for: `/?room=CODE` joins a private room, `/?watch=ID` watches a match.
 *
 * Invariant: what is returned fits the wire's limits, whatever the address says.
 */
import type { LobbyClientMessage } from "./wire/generated";

const CODE_CHARACTERS = 5;
const MATCH_CHARACTERS_MAX = 24;

/** The message that an address asks to send, or null. `search` is `location.search`. */
export function wishOfAddress(search: string): LobbyClientMessage | null {
  const asked = new URLSearchParams(search);
  const code = (asked.get("room") ?? "").trim().toUpperCase();
  if (code.length === CODE_CHARACTERS) return { type: "join_room", code };
  const match = (asked.get("watch") ?? "").trim();
  if (match.length > 0 && match.length <= MATCH_CHARACTERS_MAX)
    return { type: "watch_match", match };
  return null;
}
