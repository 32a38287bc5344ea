/**
 * The lobby's state on the screens, as a pure function of the server's messages.
 *
 * Owns: the meaning of each lobby message for a person. Must not know: sockets, the DOM.
 */
import type { ConnectionState, LobbyState } from "../model";
import { Refusal, type LobbyServerMessage } from "../wire/generated";

const IDLE = { kind: "idle" } as const;

export function emptyLobby(name: string): LobbyState {
  return {
    connection: { kind: "offline" },
    name,
    nameNote: "",
    online: 0,
    modes: [],
    maps: [],
    matches: [],
    activity: IDLE,
    error: "",
    trouble: null,
    parting: null,
  };
}

/** The lobby after `message`. */
export function afterMessage(lobby: LobbyState, message: LobbyServerMessage): LobbyState {
  switch (message.type) {
    case "welcome":
      return {
        ...lobby,
        name: message.name,
        nameNote: message.nameNote,
        online: message.online,
        modes: [...message.modes],
        maps: message.maps.map((map) => ({ ...map, modes: modesOf(map.modes, message.modes) })),
      };
    case "queued": {
      const { mode, waiting, botsInS } = message;
      return { ...lobby, error: "", activity: { kind: "queued", mode, waiting, botsInS } };
    }
    case "idle":
      return { ...lobby, activity: IDLE };
    case "room":
      return { ...lobby, error: "", activity: roomOf(message) };
    case "seat": {
      // The match is not the lobby's business. A player who returns no longer queues.
      const { activity } = lobby;
      return { ...lobby, nameNote: "", error: "", activity: activity.kind === "queued" ? IDLE : activity };
    }
    case "matches":
      return { ...lobby, matches: [...message.matches] };
    case "refused":
      return { ...lobby, error: refusalWords(message.code, message.text) };
    case "pong":
      return { ...lobby, online: message.online };
    case "notice":
      return { ...lobby, error: message.text };
  }
}

/** The lobby after a change of its connection; without one, the player is in no queue or room. */
export function afterConnection(lobby: LobbyState, connection: ConnectionState): LobbyState {
  const isWaiting = lobby.activity.kind === "queued" || lobby.activity.kind === "room";
  const activity = connection.kind === "ended" && isWaiting ? IDLE : lobby.activity;
  const error = connection.kind === "ended" ? connection.reason : lobby.error;
  return { ...lobby, connection, activity, error };
}

/** The lobby after the player left their place in it, before the server knows. */
export function afterFarewell(lobby: LobbyState): LobbyState {
  return { ...lobby, activity: IDLE };
}

const REFUSALS: Readonly<Record<keyof typeof Refusal, string>> = {
  OUTDATED: "This page is older than the server: please reload it.",
  NAME: "That name is not available: choose another one.",
  MODE: "This server does not offer that mode: choose another one.",
  MAP: "This server does not offer that map: choose another one.",
  ROOM: "There is no such room: check the code with your friends.",
  MATCH: "That match is over: choose another one.",
  FULL: "That match is full: choose another one.",
  TICKET: "Your seat was given away: press Play.",
  STATE: "That is not possible right now: try again in a moment.",
  RATE: "Too many attempts: wait a moment, and try again.",
  BUSY: "The server cannot take more players right now: try again in a moment.",
};

/** A refusal in words: the server's, or our own when only a reload helps or the server gave none. */
export function refusalWords(code: number, text: string): string {
  if (code === Refusal.OUTDATED) return REFUSALS.OUTDATED;
  if (text !== "") return text;
  const names = Object.keys(Refusal) as (keyof typeof Refusal)[];
  const name = names.find((one) => Refusal[one] === code);
  return name === undefined ? "The server refused that." : REFUSALS[name];
}

/** The names of the modes whose bits are set. */
function modesOf(bits: number, modes: readonly { name: string }[]): string[] {
  return modes.filter((_, index) => (bits & (1 << index)) !== 0).map((mode) => mode.name);
}

function roomOf(message: Extract<LobbyServerMessage, { type: "room" }>): LobbyState["activity"] {
  const { code, mode, map, playersMax } = message;
  const members = message.members.map((member) => member.name);
  return { kind: "room", code, mode, map, playersMax, owner: message.owner === 1, members };
}
