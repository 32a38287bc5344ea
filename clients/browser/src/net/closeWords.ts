/** Close codes in words for people, and which of them no retry can help. */
import { CloseCode } from "../wire/generated";

const FINAL_MATCH_CLOSES: Readonly<Record<number, string>> = {
  [CloseCode.LEFT]: "You left the match.",
  [CloseCode.SHUTDOWN]: "The server is going down; the match is over.",
  [CloseCode.TICKET]: "Your seat in this match is no longer yours.",
  [CloseCode.OUTDATED]: "This page is older than the server: please reload it.",
  [CloseCode.MALFORMED]: "The server did not understand this page: please reload it.",
  [CloseCode.FLOOD]: "This page sent more than the server takes.",
  [CloseCode.REPLACED]: "You continued this match in another tab.",
  [CloseCode.MATCH_OVER]: "The match is over.",
  [CloseCode.FAULT]: "The match broke down. That is our fault, and it was logged.",
  [CloseCode.FULL]: "The match is full.",
};

// SHUTDOWN is not here: a lobby comes back when its server does.
const FINAL_LOBBY_CLOSES: Readonly<Record<number, string>> = {
  [CloseCode.OUTDATED]: "This page is older than the server: please reload it.",
  [CloseCode.MALFORMED]: "The server did not understand this page: please reload it.",
  [CloseCode.REPLACED]: "You are connected in another tab.",
};

const PASSING_CLOSES: Readonly<Record<number, string>> = {
  1006: "the connection was lost",
  1011: "the server stumbled",
  1012: "the server restarts",
  1013: "the server is busy",
  [CloseCode.SHUTDOWN]: "the server restarts",
  [CloseCode.IDLE]: "the server heard nothing from here",
  [CloseCode.SLOW]: "this connection is too slow",
  [CloseCode.FULL]: "the server is full",
  [CloseCode.FLOOD]: "this page sent more than the server takes",
};

/** The words for the end of a match connection, or null when it is worth another try. */
export function finalMatchClose(code: number): string | null {
  return FINAL_MATCH_CLOSES[code] ?? null;
}

/** The words for the end of a lobby connection, or null when it is worth another try. */
export function finalLobbyClose(code: number): string | null {
  return FINAL_LOBBY_CLOSES[code] ?? null;
}

/** Why a connection is being tried again, as the tail of a sentence. */
export function passingClose(code: number, reason: string): string {
  return PASSING_CLOSES[code] ?? (reason === "" ? "the connection was lost" : reason);
}
