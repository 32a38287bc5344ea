/**
 * A session of a replay: what was requested, and what is on the screen.
 *
 * Owns: the connection, the position and the speed. Must not know: the page. Invariants: a frame is
 * built from one round and one stretch of it, so that a seek never shows half of two; the request is
 * sent again on every new connection.
 */
import { playerViews, type RosterRow } from "../match/frameBuilder";
import { objectives } from "../match/objectives";
import { Round } from "../netcode/round";
import { Spectator } from "../match/spectator";
import type { Arena, Frame, FreeView, ConnectionState, NetStats } from "../model";
import type { Scheduler } from "../net/scheduler";
import type { OpenSocket } from "../net/socket";
import {
  SPEED_PERCENT_MAX,
  TICKS_PER_SECOND,
  type MatchServerMessage,
  type MatchServerTimeline,
  type MatchServerWelcome,
} from "../wire/generated";
import { SnapshotReader } from "../wire/snapshot";
import { PlayClock } from "./playClock";
import { ReplayConnection } from "./replayConnection";
import type { Kill } from "./timeline";

/** The services that a replay uses. */
export interface ReplayHost {
  openSocket: OpenSocket;
  scheduler: Scheduler;
  loadArena(map: string, digest: string): Promise<Arena>;
  changed(): void;
}

/** The state of the bar. */
export interface ReplayState {
  tick: number;
  firstTick: number;
  lastTick: number;
  isLive: boolean;
  isAtEdge: boolean; // of a running match: the newest that may be seen is shown
  delayS: number;
  percent: number; // 0: paused
  speed: number; // the speed after a pause
  kills: readonly Kill[];
  following: string; // a name; "" for the whole map
  isFree: boolean;
}

const PING_EVERY_MS = 1_500;
const EDGE_TICKS = TICKS_PER_SECOND;
const QUIET: NetStats = {
  ...{ pingMs: 0, jitterMs: 0, marginTicks: 0, snapshotBytes: 0, snapshotsPerSecond: 0 },
  ...{ correctionsTotal: 0, correctionsUnforced: 0, correctionUnits: 0, interpolationTicks: 0, history: [] },
};

export class ReplaySession {
  private readonly connection: ReplayConnection;
  private readonly clock = new PlayClock();
  private readonly spectator = new Spectator();
  private readonly roster = new Map<number, RosterRow>();
  private readonly kills: Kill[] = [];
  private reader = new SnapshotReader();
  private welcome: MatchServerWelcome | null = null;
  private arena: Arena | null = null;
  private round: Round | null = null;
  private timeline: MatchServerTimeline | null = null;
  private speed = 100;
  private isPaused = false;
  private shownTick = 0;
  private resumeTick: number | null = null; // where to resume after a lost connection
  private failure: ConnectionState | null = null;
  private framedAtMs = 0;
  private cancelPing: (() => void) | null = null;

  constructor(
    readonly path: string,
    private readonly host: ReplayHost,
  ) {
    const events = {
      message: (message: MatchServerMessage) => {
        this.receive(message);
      },
      changed: () => {
        const { kind } = this.connection.state;
        if (kind === "retrying" || kind === "ended") this.resumeTick = this.edgeOrTick();
        if (kind === "online") this.ping();
        else this.cancelPing?.();
        host.changed();
      },
    };
    this.connection = new ReplayConnection(path, events, host.openSocket, host.scheduler);
  }

  get connectionState(): ConnectionState {
    return this.failure ?? this.connection.state;
  }

  /** Whether there is anything on the screen. */
  get isShown(): boolean {
    return this.round?.view != null;
  }

  get map(): Arena | null {
    return this.round?.arena ?? null;
  }

  connect(): void {
    this.connection.connect();
  }

  retryNow(): void {
    this.connection.retryNow();
  }

  /** After an end: resume where it was. */
  reconnect(): void {
    this.failure = null;
    this.connection.reconnect();
  }

  leave(): void {
    this.connection.leave();
  }

  seek(tick: number): void {
    const [first, last] = [this.timeline?.firstTick ?? 0, this.timeline?.lastTick ?? 0];
    const target = Math.round(Math.max(first, Math.min(last, tick)));
    this.connection.send({ type: "seek", tick: target });
    this.shownTick = target;
  }

  skip(ticks: number): void {
    this.seek(this.shownTick + ticks);
  }

  setSpeed(percent: number): void {
    this.speed = Math.max(1, Math.min(SPEED_PERCENT_MAX, percent));
    this.isPaused = false;
    this.tellSpeed();
  }

  toggle(): void {
    this.isPaused = !this.isPaused;
    // Played to its end, it begins again.
    const { timeline } = this;
    if (!this.isPaused && timeline !== null && timeline.live === 0 && this.shownTick >= timeline.lastTick)
      this.seek(timeline.firstTick);
    this.tellSpeed();
  }

  /** Go to the newest of a running match, at its own speed. */
  goLive(): void {
    this.seek(this.timeline?.lastTick ?? 0);
    this.setSpeed(100);
  }

  follow(step: 1 | -1): void {
    if (this.round !== null) this.spectator.step(this.round, step);
  }

  nameOf(slot: number): string {
    return this.roster.get(slot)?.name ?? `Player ${(slot + 1).toString()}`;
  }

  /** The position of the followed player. */
  get followedAt(): { x: number; y: number } | null {
    const { round } = this;
    if (round === null) return null;
    const pose = round.interpolation.poseAt(this.spectator.slot(round), this.shownTick);
    return pose === null ? null : { x: pose.x, y: pose.y };
  }

  state(isFree: boolean): ReplayState {
    const { timeline, round } = this;
    const slot = round === null || isFree ? -1 : this.spectator.slot(round);
    const isLive = timeline?.live === 1;
    return {
      tick: this.shownTick,
      firstTick: timeline?.firstTick ?? 0,
      lastTick: timeline?.lastTick ?? 0,
      isLive,
      isAtEdge: isLive && this.shownTick > timeline.lastTick - EDGE_TICKS * 2,
      delayS: timeline?.delayS ?? 0,
      percent: this.percent,
      speed: this.speed,
      kills: this.kills,
      following: slot < 0 ? "" : this.nameOf(slot),
      isFree,
    };
  }

  /** The frame to draw now; null while there is nothing yet. */
  frame(nowMs: number, free: FreeView | null): Frame | null {
    const { round, welcome } = this;
    if (round?.view == null || welcome === null) return null;
    const deltaMs = this.framedAtMs === 0 ? 0 : nowMs - this.framedAtMs;
    this.framedAtMs = nowMs;
    const tick = this.clock.advance(nowMs);
    this.shownTick = tick;
    const still = { interpolationTick: () => tick, predictedTick: tick };
    const players = playerViews(round, this.roster, { ownTick: tick, othersTick: tick });
    return {
      ...{ tick, nowMs, deltaMs, arena: round.arena, mode: welcome.mode, phase: round.phase },
      phaseEndTick: round.matchField("phaseEndTick"),
      winner: round.matchField("winner"),
      playersMin: round.matchField("playersMin"),
      scoreLimit: welcome.scoreLimit,
      voteMaps: [...welcome.voteMaps],
      players,
      ...objectives(round.view, players, tick),
      shots: round.shotsAt(still, nowMs),
      padReadyTicks: round.padReadyTicks,
      self: null,
      follow: free === null ? this.spectator.slot(round) : -1,
      camera: free,
      events: round.takeEvents(still, nowMs),
      net: QUIET,
      connection: this.connectionState,
      notice: null,
    };
  }

  private get percent(): number {
    return this.isPaused ? 0 : this.speed;
  }

  private tellSpeed(): void {
    this.clock.percent = this.percent;
    this.connection.send({ type: "speed", percent: this.percent });
  }

  private receive(message: MatchServerMessage): void {
    switch (message.type) {
      case "welcome":
        this.begin(message);
        break;
      case "timeline":
        this.timeline = message;
        break;
      case "marks":
        this.kills.push(...message.kills);
        break;
      case "roster":
        this.roster.clear();
        for (const row of message.rows) this.roster.set(row.slot, row);
        break;
      case "full_snapshot":
      case "delta_snapshot":
        this.ingest(message);
        break;
      default:
        break;
    }
  }

  private begin(welcome: MatchServerWelcome): void {
    this.welcome = welcome;
    this.reader = new SnapshotReader();
    this.kills.length = 0;
    this.tellSpeed();
    if (this.resumeTick !== null) this.connection.send({ type: "seek", tick: this.resumeTick });
    this.resumeTick = null;
    this.round = null;
    if (this.arena?.name === welcome.map) return;
    this.arena = null;
    this.host.loadArena(welcome.map, welcome.mapDigest).then(
      (arena) => {
        if (this.welcome !== welcome) return; // another round began in the meantime
        this.arena = arena;
        this.beginStretch();
      },
      (error: unknown) => {
        this.fail(error instanceof Error ? error.message : "the map could not be loaded");
      },
    );
  }

  private ingest(message: Extract<MatchServerMessage, { type: "full_snapshot" | "delta_snapshot" }>): void {
    const view = this.reader.apply(message);
    if (message.type === "full_snapshot" || this.round === null) {
      this.beginStretch();
      return;
    }
    this.clock.snapshot(view.tick);
    this.round.ingest(view);
  }

  /** Another place, or another round: nothing from before is drawn any more. */
  private beginStretch(): void {
    const { view } = this.reader;
    if (view === null || this.arena === null || this.welcome === null) return;
    const isFirst = this.round === null;
    this.round = new Round(this.welcome, this.arena);
    this.round.ingest({ ...view, events: [] });
    this.clock.jump(view.tick, this.host.scheduler.nowMs());
    this.shownTick = view.tick;
    if (isFirst) this.host.changed();
  }

  /** A view of the newest of a running match stays at the newest. */
  private edgeOrTick(): number | null {
    if (this.timeline === null) return null;
    return this.state(false).isAtEdge ? null : Math.round(this.shownTick);
  }

  /** A paused replay has no news: the answers to these show that the connection is alive. */
  private ping(): void {
    if (this.connection.state.kind !== "online") return;
    this.connection.send({ type: "ping", nonce: 1, roundTripMs: 0 });
    this.cancelPing?.();
    this.cancelPing = this.host.scheduler.after(PING_EVERY_MS, () => {
      this.ping();
    });
  }

  private fail(reason: string): void {
    this.connection.leave();
    this.failure = { kind: "ended", code: 0, reason, way: "again" };
    this.host.changed();
  }
}
