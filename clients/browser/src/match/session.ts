/**
 * A session of a match, over as many rounds and connections as it takes.
 *
 * Owns: the connection, the clocks, the round being played and the one being loaded. Must not know:
 * the page, the lobby. Invariants: a frame is built from the last complete round, so a reconnect or
 * a map change never shows half of something; while the connection is down nothing is predicted and
 * nothing is sent.
 */
import type { Arena, Frame, ConnectionState } from "../model";
import type { Scheduler } from "../net/scheduler";
import type { OpenSocket } from "../net/socket";
import { PingMeter } from "../net/pingMeter";
import { TICK_MS } from "../netcode/arrival";
import { Clock } from "../netcode/clock";
import type { TickInput } from "../netcode/inputHistory";
import type { MatchServerMessage, MatchServerWelcome } from "../wire/generated";
import { SnapshotReader } from "../wire/snapshot";
import { playerViews, selfView, type RosterRow } from "./frameBuilder";
import { objectives } from "./objectives";
import { InputSender } from "../netcode/inputSender";
import { MatchConnection } from "./matchConnection";
import { NetMeter, type Corrections } from "./netMeter";
import type { ResumeStore, Seat } from "./resumeStore";
import { Round } from "../netcode/round";
import { Spectator } from "./spectator";

/** The services that a session uses. */
export interface SessionHost {
  openSocket: OpenSocket;
  scheduler: Scheduler;
  resume: ResumeStore;
  loadArena(map: string, digest: string): Promise<Arena>;
  changed(): void;
  /**
   * Called for every message from the server: a heartbeat that continues when frames are slow or
   * have stopped.
   */
  received(): void;
}

/** Called once for every predicted tick; returns the player's input. */
export type SampleInput = (tick: number, round: Round) => TickInput;

const PING_EVERY_MS = 1_000;
const PING_MS_MAX = 65_535;
const CLOSE_NO_MAP = 0;

export class MatchSession {
  clock = new Clock(); // another one for each round and connection
  readonly watching: boolean;
  private readonly connection: MatchConnection;
  private readonly sender: InputSender;
  private readonly ping = new PingMeter(PING_EVERY_MS);
  private readonly meter = new NetMeter();
  private readonly spectator = new Spectator();
  private reader = new SnapshotReader();
  private readonly roster = new Map<number, RosterRow>();
  private shown: Round | null = null;
  private coming: Round | null = null;
  private awaited: MatchServerWelcome | null = null; // its round is not on the screen yet
  private notice: Frame["notice"] = null;
  private failure: ConnectionState | null = null;
  private framedAtMs = 0;
  private correctionsBefore = { total: 0, unforced: 0 }; // in other rounds

  constructor(
    private readonly seat: Seat,
    private readonly host: SessionHost,
  ) {
    this.watching = seat.watching;
    const events = {
      message: (message: MatchServerMessage, bytes: number) => {
        this.receive(message, bytes);
        host.received();
      },
      changed: () => {
        this.sender.clear();
        host.changed();
      },
    };
    this.sender = new InputSender((message) => {
      this.connection.send(message);
    });
    const { openSocket, scheduler, resume } = host;
    this.connection = new MatchConnection(seat, events, openSocket, scheduler, resume);
  }

  get state(): ConnectionState {
    return this.failure ?? this.connection.state;
  }

  /** The match's path. */
  get path(): string {
    return this.seat.path;
  }

  /** The round on the screen; null until the first snapshot of the first one. */
  get round(): Round | null {
    return this.shown;
  }

  /** Whether a seat like this one is taken, and this session sits in it. */
  isIn(seat: Seat): boolean {
    const { match, watching } = this.seat;
    return this.state.kind === "online" && seat.match === match && seat.watching === watching;
  }

  connect(): void {
    this.connection.connect();
  }

  retryNow(): void {
    this.connection.retryNow();
  }

  leave(): void {
    this.connection.leave();
  }

  drop(reason: string): void {
    this.connection.drop(reason);
  }

  vote(option: number): void {
    this.connection.send({ type: "vote", option });
  }

  follow(step: 1 | -1): void {
    if (this.shown !== null) this.spectator.step(this.shown, step);
  }

  /** Whether keys choose whom to watch. */
  get isFollowing(): boolean {
    return this.watching || this.shown?.isOut === true;
  }

  /** Advance time: predict up to now, and send the inputs. */
  advance(nowMs: number, sample: SampleInput): void {
    if (this.state.kind !== "online" || !this.clock.isSynced) return;
    this.askPing(nowMs);
    const steps = this.clock.advance(nowMs);
    const round = this.shown;
    if (round === null || round.isWatching || this.awaited !== null) return;
    const newest = Math.floor(this.clock.predictedTick);
    const othersTick = round.othersTick(this.clock, nowMs);
    // After a jump back, inputs that were already put stand.
    for (let tick = Math.max(newest - steps + 1, this.sender.nextTick); tick <= newest; tick += 1) {
      const input = sample(tick, round);
      round.simulate(tick, input);
      this.sender.put(tick, input, othersTick);
    }
  }

  /** The frame to draw now; null while there is nothing yet. */
  frame(nowMs: number): Frame | null {
    const round = this.shown;
    if (round?.view == null) return null;
    const deltaMs = this.framedAtMs === 0 ? 0 : nowMs - this.framedAtMs;
    this.framedAtMs = nowMs;
    round.prediction.fade(deltaMs / TICK_MS);
    if (this.notice !== null && this.notice.untilMs < nowMs) this.notice = null;
    const { clock } = this;
    const ownTick = round.ownTick(clock, nowMs);
    const othersTick = round.othersTick(clock, nowMs);
    const players = playerViews(round, this.roster, { ownTick, othersTick });
    return {
      tick: ownTick,
      nowMs,
      deltaMs,
      arena: round.arena,
      mode: round.welcome.mode,
      phase: round.phase,
      phaseEndTick: round.matchField("phaseEndTick"),
      winner: round.matchField("winner"),
      playersMin: round.matchField("playersMin"),
      scoreLimit: round.welcome.scoreLimit,
      voteMaps: [...round.welcome.voteMaps],
      players,
      ...objectives(round.view, players, ownTick),
      shots: round.shotsAt(clock, nowMs),
      padReadyTicks: round.padReadyTicks,
      self: selfView(round),
      follow: this.spectator.slot(round),
      events: round.takeEvents(clock, nowMs),
      net: this.meter.stats(nowMs, clock, this.ping.pingMs, this.corrections),
      connection: this.state,
      notice: this.notice,
    };
  }

  get corrections(): Corrections {
    const prediction = this.shown?.prediction;
    return {
      total: this.correctionsBefore.total + (prediction?.correctionCount ?? 0),
      unforced: this.correctionsBefore.unforced + (prediction?.unforcedCount ?? 0),
      lastUnits: prediction?.lastCorrectionUnits ?? 0,
    };
  }

  private receive(message: MatchServerMessage, bytes: number): void {
    const nowMs = this.host.scheduler.nowMs();
    switch (message.type) {
      case "welcome":
        this.begin(message, nowMs);
        break;
      case "full_snapshot":
      case "delta_snapshot":
        this.ingest(message, bytes, nowMs);
        break;
      case "roster":
        this.roster.clear();
        for (const row of message.rows) this.roster.set(row.slot, row);
        break;
      case "pong":
        this.ping.answer(message.nonce, nowMs - message.heldMs);
        break;
      case "refused":
        this.notice = { text: message.text, untilMs: nowMs + 4_000 };
        break;
      case "notice":
        this.notice = { text: message.text, untilMs: nowMs + Math.max(3, message.seconds) * 1_000 };
        break;
    }
  }

  private begin(welcome: MatchServerWelcome, nowMs: number): void {
    this.reader = new SnapshotReader();
    this.clock = new Clock(this.connection.takeJoinMs(nowMs) ?? this.ping.pingMs);
    this.ping.reset();
    this.sender.clear();
    this.coming = null;
    this.awaited = welcome;
    const arena = this.shown?.arena;
    if (arena?.name === welcome.map) {
      this.prepare(welcome, arena);
      return;
    }
    this.host.loadArena(welcome.map, welcome.mapDigest).then(
      (loaded) => {
        this.prepare(welcome, loaded);
      },
      (error: unknown) => {
        this.fail(error instanceof Error ? error.message : "the map could not be loaded");
      },
    );
  }

  /** Begin the round of a welcome, once its map is here; snapshots may have come before it. */
  private prepare(welcome: MatchServerWelcome, arena: Arena): void {
    if (this.awaited !== welcome) return; // another round began in the meantime
    this.coming = new Round(welcome, arena);
    if (this.reader.view !== null) {
      this.coming.ingest({ ...this.reader.view, events: [] });
      this.show(this.coming);
    }
  }

  private ingest(
    message: Extract<MatchServerMessage, { type: "full_snapshot" | "delta_snapshot" }>,
    bytes: number,
    nowMs: number,
  ): void {
    const view = this.reader.apply(message);
    this.clock.snapshot(view.tick, this.watching ? null : message.margin, nowMs);
    const round = this.awaited === null ? this.shown : this.coming;
    if (round === null) return; // the reader keeps up while the map is being fetched
    const corrected = round.ingest(view);
    if (round === this.coming) this.show(round);
    this.meter.snapshot(nowMs, bytes, corrected, this.ping.pingMs, message.margin);
  }

  private show(round: Round): void {
    this.correctionsBefore = this.corrections;
    this.shown = round;
    this.coming = null;
    this.awaited = null;
    this.host.changed();
  }

  private askPing(nowMs: number): void {
    const nonce = this.ping.ask(nowMs);
    if (nonce === null) return;
    const roundTripMs = Math.min(PING_MS_MAX, Math.round(this.ping.pingMs));
    this.connection.send({ type: "ping", nonce, roundTripMs });
  }

  private fail(reason: string): void {
    this.connection.leave();
    this.failure = { kind: "ended", code: CLOSE_NO_MAP, reason, way: "play" };
    this.host.changed();
  }
}
