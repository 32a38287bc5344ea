/**
 * `window.skirmish`: what end-to-end tests (and curious people) may read of the running client.
 *
 *   skirmish.state()           a plain copy of what is going on, see `ClientState`
 *   skirmish.dropConnection()  breaks the match socket as a bad network would
 *   skirmish.logPlaces()       begins to write down where everybody is drawn, frame by frame
 *   skirmish.positions()          what was written down since then
 *
 * Nothing here can do what a person could not do with a cable.
 */
import type { App } from "./app";
import type { ConnectionState } from "./model";
import type { LoggedFrame } from "./positionLog";

export interface ClientState {
  screen: "start" | "queued" | "room" | "seating" | "match" | "replay";
  lobby: ConnectionState["kind"];
  connection: ConnectionState["kind"]; // of the match; "offline" outside of one
  error: string;
  name: string;
  room: string; // the code of the room one is in, or ""
  match: string; // the name of the match, or ""
  map: string;
  mode: string;
  watching: boolean;
  slot: number; // -1 for a watcher, and outside of a match
  x: number; // units
  y: number;
  aim: number;
  alive: boolean;
  health: number;
  weapon: number;
  score: number;
  tick: number;
  phase: number; // -1 outside of a match
  players: {
    slot: number;
    name: string;
    bot: boolean;
    x: number;
    y: number;
    score: number;
    alive: boolean;
  }[];
  shots: number; // in flight, of everybody
  fired: number; // by the local player, as the server counts
  corrections: number;
  unforced: number; // corrections that nothing but our own inputs can have caused
  held: number; // keys, buttons and fingers that are down
  pingMs: number;
  marginTicks: number;
  resyncs: number;
  replay: {
    tick: number;
    lastTick: number;
    percent: number;
    kills: number;
    following: string;
    isFree: boolean;
    isLive: boolean;
  } | null; // of the one on the screen
}

export interface TestHook {
  state(): ClientState;
  dropConnection(): void;
  logPlaces(): void;
  positions(): readonly LoggedFrame[];
}

declare global {
  interface Window {
    skirmish?: TestHook;
  }
}

const SCREENS = {
  idle: "start",
  queued: "queued",
  room: "room",
  seating: "seating",
  playing: "match",
  replaying: "replay",
} as const;

export function testHook(app: App): TestHook {
  return {
    state: () => clientState(app),
    dropConnection: () => {
      app.inspection.session?.drop("the connection was dropped on purpose");
    },
    logPlaces: () => {
      app.positions.start();
    },
    positions: () => app.positions.read(),
  };
}

function clientState(app: App): ClientState {
  const { lobby, frame, session, replay, heldCount } = app.inspection;
  const { activity } = lobby;
  const round = session?.round ?? null;
  const self = frame?.players.find((player) => player.self);
  return {
    screen: SCREENS[activity.kind],
    lobby: lobby.connection.kind,
    connection: session?.state.kind ?? "offline",
    error: lobby.error,
    name: lobby.name,
    room: activity.kind === "room" ? activity.code : "",
    match: round?.welcome.match ?? "",
    map: round?.welcome.map ?? "",
    mode: round?.welcome.mode ?? "",
    watching: session?.watching ?? false,
    slot: round?.slot ?? -1,
    x: self?.x ?? 0,
    y: self?.y ?? 0,
    aim: self?.aim ?? 0,
    alive: self?.alive ?? false,
    health: self?.health ?? 0,
    weapon: self?.weapon ?? 0,
    score: self?.score ?? 0,
    tick: frame?.tick ?? 0,
    phase: frame?.phase ?? -1,
    players: (frame?.players ?? []).map(({ slot, name, bot, seen, x, y, score, alive }) => ({
      ...{ slot, name, bot, seen, x, y, score, alive },
    })),
    shots: frame?.shots.length ?? 0,
    fired: self?.shots ?? 0,
    corrections: session?.corrections.total ?? 0,
    unforced: session?.corrections.unforced ?? 0,
    held: heldCount,
    pingMs: frame?.net.pingMs ?? 0,
    marginTicks: frame?.net.marginTicks ?? 0,
    resyncs: session?.clock.resyncCount ?? 0,
    replay: replay === null ? null : { ...replay, kills: replay.kills.length },
  };
}
