/**
 * The seam between what happens (net, sim) and what is shown (scene, hud, screens).
 *
 * Every frame the client produces one `Frame`; the scene and the HUD draw it and keep no game state of their own.
 * Lengths are in units (1,024 to a tile), angles in 65,536ths of a turn (0 east, a quarter turn south), ticks at 60 Hz.
 */

export interface Arena {
  name: string;
  title: string;
  width: number; // tiles
  height: number;
  walls: Uint8Array; // row by row, 1 is a wall
  openCells: Uint8Array; // 1 where the tile and its eight neighbours are free
  floor: Uint8Array; // tile numbers for looks, 0 plain
  pads: { kind: number; x: number; y: number }[];
  flags: { team: number; x: number; y: number }[]; // where each team's flag stands; empty without
}

export interface PlayerView {
  slot: number;
  name: string;
  bot: boolean;
  connected: boolean;
  self: boolean;
  seen: boolean; // false: only the name, the figures and `alive` are known
  appeared: boolean; // out of sight at some moment since the frame before: no way leads here from there
  x: number; // where to draw it now (self predicted, others interpolated); fractions allowed
  y: number;
  vx: number;
  vy: number;
  aim: number;
  alive: boolean;
  dashing: boolean;
  protected: boolean;
  double: boolean;
  firing: boolean;
  weapon: number;
  health: number;
  armour: number;
  score: number;
  kills: number;
  deaths: number;
  shots: number;
  hits: number;
  streakBest: number;
  medals: number;
  place: number; // in modes of one life: 1 is the last survivor; 0 still in it, or never was
  team: number; // 1 or 2; 0 in modes without teams
  vote: number;
  pingMs: number;
}

export interface ShotView {
  number: number;
  x: number;
  y: number;
  vx: number;
  vy: number;
  owner: number;
  weapon: number;
  opacity: number; // below 1: predicted, and never fired
}

/**
 * A team's flag. A carried flag is drawn with its carrier: x and y are where they are drawn, and it
 * is not seen while they are not.
 */
export interface FlagView {
  team: number;
  x: number;
  y: number;
  seen: boolean;
  state: "home" | "carried" | "ground";
  carrier: number; // slot; -1 none
  returnTick: number; // on the ground: home by itself at this tick; otherwise 0
}

export interface Disc {
  x: number;
  y: number;
  radius: number;
}

/** Players outside of `now` lose health. It stands until `beginTick`, then shrinks to `next`. */
export interface CircleView {
  now: Disc; // at the frame's tick
  next: Disc;
  beginTick: number;
  endTick: number; // it is `next` from here on, until another is announced
}

/** The local player's private state; absent for spectators. */
export interface SelfView {
  slot: number;
  ammo: number[]; // by weapon; blaster is -1 (endless)
  fireReadyTick: number;
  dashReadyTick: number;
  protectedUntilTick: number;
  doubleUntilTick: number;
  respawnTick: number; // NEVER_TICK: out until the round ends
}

/** One event of the table in `wire/generated.ts`, with its tick and named fields. */
export interface GameEvent {
  kind: number;
  tick: number;
  fields: Record<string, number>;
}

export interface NetStats {
  pingMs: number;
  jitterMs: number;
  marginTicks: number;
  snapshotBytes: number; // of the last one
  snapshotsPerSecond: number;
  correctionsTotal: number;
  correctionsUnforced: number; // nothing but our inputs acted on us: one came late, or we err
  correctionUnits: number; // size of the last one
  interpolationTicks: number;
  history: { pingMs: number; marginTicks: number; snapshotBytes: number; corrected: boolean }[]; // newest last, ≤ 240
}

export type ConnectionState =
  | { kind: "offline" }
  | { kind: "connecting"; attempt: number } // 0: the first one
  | { kind: "online" }
  | { kind: "retrying"; attempt: number; inMs: number; reason: string }
  | { kind: "ended"; code: number; reason: string; way: NextStep };

/** A free camera: the middle of the screen, and the zoom. */
export interface FreeView {
  x: number; // units
  y: number;
  pxPerTile: number; // CSS pixels
}

export interface Frame {
  tick: number; // the tick the local player is drawn at; fractions allowed
  nowMs: number;
  deltaMs: number;
  arena: Arena;
  mode: string;
  phase: number; // 0 warm-up 1 countdown 2 play 3 overtime 4 scoreboard and vote 5 over
  phaseEndTick: number; // 0: open end
  winner: number; // a slot, or in modes with teams a team; -1 none
  playersMin: number;
  scoreLimit: number; // 0: points end nothing
  teamScores: number[]; // of team 1, team 2; empty in modes without
  flags: FlagView[]; // by team; empty in modes without
  circle: CircleView | null;
  voteMaps: { name: string; title: string }[];
  players: PlayerView[]; // ascending slot
  shots: ShotView[];
  padReadyTicks: number[]; // there once tick >= this
  self: SelfView | null;
  follow: number; // slot of the viewed player, local or followed; -1 none (whole map)
  camera?: FreeView | null; // of a viewer with a free camera; then no player is followed
  events: GameEvent[]; // new since the last frame
  net: NetStats;
  connection: ConnectionState; // of the match socket
  notice: { text: string; untilMs: number } | null;
}

export interface MatchRow {
  match: string;
  mode: string;
  map: string;
  people: number;
  bots: number;
  playersMax: number;
  watchers: number;
  phase: number;
  secondsLeft: number;
}

export interface LobbyState {
  connection: ConnectionState; // of the lobby socket
  name: string;
  nameNote: string; // why the name is not what was typed, until the player accepts it
  online: number;
  modes: { name: string; title: string; playersMin: number; playersMax: number }[];
  maps: {
    name: string;
    title: string;
    playersMin: number;
    playersMax: number;
    modes: string[]; // that can be played on it
  }[];
  matches: MatchRow[];
  activity:
    | { kind: "idle" }
    | { kind: "queued"; mode: string; waiting: number; botsInS: number }
    | { kind: "room"; code: string; mode: string; map: string; owner: boolean; playersMax: number; members: string[] }
    | { kind: "seating" } // ticket in hand, match socket opening
    | { kind: "playing"; watching: boolean }
    | { kind: "replaying" };
  error: string; // the last refusal, in words; "" none
  trouble: Trouble | null; // why the wanted connection does not come up, once that is known
  parting: { words: string; way: NextStep } | null; // how the last match or replay ended, and the way on
}

/** The actions that the screens may request; implemented by `app.ts`. */
export interface Actions {
  play(mode: string): void;
  cancel(): void;
  createRoom(mode: string, map: string): void;
  joinRoom(code: string): void;
  startRoom(bots: number, botLevel: number): void;
  leaveRoom(): void;
  refreshMatches(): void;
  joinMatch(match: string): void;
  watchMatch(match: string): void;
  watchReplay(name: string): void; // a finished round
  rewind(): void; // spectators: go back in the match they watch
  rename(name: string): void;
  acceptName(): void; // accept the name that the server gave
  leaveMatch(): void; // or a replay, or the way there: back to the lobby
  vote(option: number): void;
  follow(step: 1 | -1): void; // spectators: next or previous player
  tryNow(): void; // skip the countdown of a lost connection
  goOn(way: NextStep): void; // after an end
}

/**
* The offer of the page after an end that no retry can mend: to play again, to reload the page, to
 * connect again, or to open the same thing again.
 */
export type NextStep = "play" | "reload" | "reconnect" | "again";

/** The obstacle to a connection. */
export type TroubleKind =
  | "offline"
  | "unreachable"
  | "busy"
  | "full"
  | "restarting"
  | "gateway"
  | "barred"
  | "path"
  | "origin"
  | "upgrade"
  | "missing"
  | "cut"
  | "stale";

export interface Trouble {
  kind: TroubleKind;
  sentence: string; // what is wrong
  advice: string; // what a player can do
  operator: string; // what to change, in lines to copy; "" nothing
}
