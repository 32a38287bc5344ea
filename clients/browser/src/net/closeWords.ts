/**
 * The meaning of every close code for a person: the words, and the next step.
 *
 * Invariant: each kind of connection has a row for each code of the table (the compiler demands
 * it), and no row is a dead end: a connection tries again by itself, or the page offers a button.
 */
import type { ConnectionState, NextStep } from "../model";
import { CloseCode } from "../wire/generated";

/** `way` null: the connection tries again by itself, and `words` are the tail of a sentence. */
export interface Close {
  readonly words: string;
  readonly way: NextStep | null;
}

export type CloseTable = Readonly<Record<keyof typeof CloseCode, Close>>;

const OUTDATED = ends("This page is older than the server: please reload it.", "reload");
const MALFORMED = ends("The server did not understand this page: please reload it.", "reload");
const RESTARTS = passes("the server is restarting");
const FAULT = passes("the server hit an internal error");
const FULL = passes("the server is full");
const IDLE = passes("the server stopped hearing from this page");
const SLOW = passes("this connection is too slow");
const FLOOD = passes("this page sent more than the server accepts");
const MOVED = passes("the match moved to another process");
const LOST = passes("the connection was lost");

export const LOBBY_CLOSES: CloseTable = {
  LEFT: LOST,
  SHUTDOWN: RESTARTS,
  TICKET: LOST,
  OUTDATED,
  MALFORMED,
  FLOOD,
  IDLE,
  REPLACED: ends("You are connected in another tab.", "reconnect"),
  MATCH_OVER: LOST,
  SLOW,
  FAULT,
  FULL,
  MOVED,
};

export const MATCH_CLOSES: CloseTable = {
  LEFT: ends("You left the match.", "play"),
  SHUTDOWN: ends("The server is shutting down; the match is over.", "play"),
  TICKET: ends("Your seat in this match was given away.", "play"),
  OUTDATED,
  MALFORMED,
  FLOOD: ends("This page sent more than the server accepts.", "play"),
  IDLE,
  REPLACED: ends("You continued this match in another tab.", "play"),
  MATCH_OVER: ends("The match is over.", "play"),
  SLOW,
  FAULT: ends("The match crashed. That was our fault, and it has been logged.", "play"),
  FULL: ends("This match is full.", "play"),
  MOVED,
};

export const REPLAY_CLOSES: CloseTable = {
  LEFT: ends("You closed the replay.", "play"),
  SHUTDOWN: RESTARTS,
  TICKET: ends("You can no longer watch this.", "play"),
  OUTDATED,
  MALFORMED,
  FLOOD: ends("This page asked for more than the server allows.", "again"),
  IDLE: ends("The replay was closed because nobody seemed to be watching.", "again"),
  REPLACED: ends("You are watching this in another tab.", "again"),
  MATCH_OVER: ends("That replay is no longer available.", "play"),
  SLOW,
  FAULT: ends("That replay cannot be played by this server.", "play"),
  FULL: ends("Too many people are watching replays right now.", "again"),
  MOVED,
};

/** Codes of RFC 6455, section 7.4.1 and its registry: all of them pass. */
const STANDARD: Readonly<Record<number, string>> = {
  1006: "the connection was lost",
  1009: "this page sent more than the server accepts",
  1011: "the server hit an internal error",
  1012: "the server is restarting",
  1013: "the server is busy",
};

const NAMES = new Map<number, keyof typeof CloseCode>(
  (Object.keys(CloseCode) as (keyof typeof CloseCode)[]).map((name) => [CloseCode[name], name]),
);

/** The meaning of a close; an unknown code is worth another try. */
export function closeOf(table: CloseTable, code: number, reason: string): Close {
  const name = NAMES.get(code);
  if (name !== undefined) return table[name];
  return passes(STANDARD[code] ?? (reason === "" ? "the connection was lost" : reason));
}

/** The server's own words as a sentence. */
export function asSentence(words: string): string {
  const sentence = `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
  return /[.!?]$/.test(sentence) ? sentence : `${sentence}.`;
}

function ends(words: string, way: NextStep): Close {
  return { words, way };
}

function passes(words: string): Close {
  return { words, way: null };
}

type Ended = Extract<ConnectionState, { kind: "ended" }>;

/** The words for the end of a match connection; "" when the person knows already. */
export function farewell(end: Ended, wasSeen: boolean): string {
  if (end.code === CloseCode.LEFT) return "";
  // A seat from before a reload that is gone by now: the start page says enough.
  if (end.code === CloseCode.TICKET && !wasSeen) return "";
  return end.reason;
}
