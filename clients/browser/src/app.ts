/**
 * The client from the start page to a match and back.
 *
 * Owns: which of lobby and match the player is in. Must not know: the DOM; it draws on a `Stage`
 * and receives the time. Invariant: at most one match at a time, and the lobby stays connected.
 *
 *   idle ──play──► queued ──seat──► seating ──snapshot──► playing ──leave, end──► idle or room
 */
import type { InputMapper } from "./input/inputMapper";
import type { Pointer } from "./input/pointers";
import { LobbyController } from "./lobby/lobbyController";
import { ResumeStore, type Seat } from "./match/resumeStore";
import type { Round } from "./netcode/round";
import { MatchSession, type SessionHost } from "./match/session";
import type { Actions, Arena, Frame, LobbyState, NextStep } from "./model";
import { PositionLog } from "./positionLog";
import { farewell } from "./net/closeWords";
import { Diagnosis } from "./net/diagnosis";
import type { Probe } from "./net/probe";
import type { Scheduler } from "./net/scheduler";
import type { OpenSocket } from "./net/socket";
import { ReplayController } from "./replay/replayController";
import type { ReplayState } from "./replay/replaySession";
import type { Settings, TextStorage } from "./settings";
import type { TickInput } from "./netcode/inputHistory";
import type { Stage } from "./stage";
import type { LobbyClientMessage } from "./wire/generated";

const REPLAY_PATH = "replay/";

/** The browser's functions that the app uses; tests pass their own. */
export interface AppContext {
  settings: Settings;
  hands: InputMapper;
  openSocket: OpenSocket;
  scheduler: Scheduler;
  tabStorage: TextStorage | null; // lasts as long as the tab
  loadArena(map: string, digest: string): Promise<Arena>;
  probe: Probe;
  page(): URL; // where the page is
  reload(): void;
  isHidden(): boolean;
  mouse(): Pointer | null;
}

/** For the test hook. */
export interface Inspection {
  lobby: LobbyState;
  frame: Frame | null;
  session: MatchSession | null;
  replay: ReplayState | null;
  heldCount: number; // keys, buttons and fingers that are down
}

export class App implements Actions {
  private readonly lobby: LobbyController;
  readonly replays: ReplayController;
  readonly positions = new PositionLog();
  private readonly resume: ResumeStore;
  private session: MatchSession | null = null;
  private stage: Stage | null = null;
  private lastFrame: Frame | null = null;
  private netGraphOn: boolean;
  private readonly inquiry: Diagnosis; // into the connection of the match or the replay
  private parting: LobbyState["parting"] = null;

  /** `wish` is what the address of the page asks for. */
  constructor(
    private readonly context: AppContext,
    wish: LobbyClientMessage | null,
  ) {
    const { settings } = context;
    this.resume = new ResumeStore(context.tabStorage);
    this.inquiry = new Diagnosis(context.probe, context.scheduler, context.page, () => {
      this.show();
    });
    this.netGraphOn = settings.values.showNetGraph;
    settings.onChange((values) => {
      this.netGraphOn = values.showNetGraph;
    });
    const events = {
      seat: (seat: Seat) => {
        this.enter(seat);
      },
      changed: () => {
        this.show();
      },
      isInMatch: () => this.session !== null || this.replays.isOpen,
    };
    this.lobby = new LobbyController(context, events, wish);
    this.replays = new ReplayController(context, {
      changed: () => {
        const { line } = this.replays;
        if (line !== null) this.inquiry.observe(line.path, line.state);
        this.show();
      },
      ended: (words, way) => {
        this.replayEnded(words, way);
      },
    });
  }

  /** Show everything on `stage`, connect, and return to the seat from before a reload. */
  start(stage: Stage): void {
    this.stage = stage;
    const seat = this.resume.load();
    if (seat !== null) this.enter(seat);
    this.lobby.start();
    this.show();
  }

  play(mode: string): void {
    this.lobby.ask({ type: "play", mode });
  }

  cancel(): void {
    this.lobby.ask({ type: "cancel" });
  }

  createRoom(mode: string, map: string): void {
    this.lobby.ask({ type: "create_room", mode, map });
  }

  joinRoom(code: string): void {
    this.lobby.ask({ type: "join_room", code: code.trim().toUpperCase() });
  }

  startRoom(bots: number, botLevel: number): void {
    this.lobby.ask({ type: "start_room", bots, botLevel });
  }

  leaveRoom(): void {
    this.lobby.ask({ type: "leave_room" });
  }

  refreshMatches(): void {
    this.lobby.refreshMatches();
  }

  joinMatch(match: string): void {
    this.lobby.ask({ type: "join_match", match });
  }

  watchMatch(match: string): void {
    this.lobby.ask({ type: "watch_match", match });
  }

  watchReplay(name: string): void {
    this.replays.open(`${REPLAY_PATH}${encodeURIComponent(name)}`);
  }

  rewind(): void {
    const match = this.session?.watching === true ? this.session.round?.welcome.match : undefined;
    if (match === undefined) return;
    this.session?.leave();
    this.replays.open(`${REPLAY_PATH}live/${encodeURIComponent(match)}`);
  }

  rename(name: string): void {
    this.lobby.rename(name);
  }

  acceptName(): void {
    this.lobby.acceptName();
  }

  leaveMatch(): void {
    this.session?.leave();
    this.replays.close();
  }

  tryNow(): void {
    this.retryNow();
  }

  goOn(way: NextStep): void {
    this.parting = null;
    if (way === "reload") this.lobby.reload();
    if (way === "reconnect") this.lobby.reconnect();
    if (way === "again") this.replays.again();
    this.show();
  }

  vote(option: number): void {
    this.session?.vote(option);
  }

  follow(step: 1 | -1): void {
    this.session?.follow(step);
  }

  /** One animation frame. */
  frame(nowMs: number): void {
    const { stage, session } = this;
    const { hands } = this.context;
    if (stage !== null && this.replays.isOpen) this.replayFrame(stage, nowMs);
    if (stage === null || session === null) return;
    this.handlePresses(stage);
    this.advance(session, nowMs);
    const frame = this.withTrouble(session.frame(nowMs));
    if (frame === null) return;
    this.lastFrame = frame;
    stage.screens.offerFollowing(session.isFollowing);
    this.positions.note(frame, this.context.scheduler.nowMs());
    stage.scene.draw(frame);
    stage.hud.draw(frame, {
      scoreboard: hands.isScoreboardHeld,
      netGraph: this.netGraphOn,
      touch: hands.device === "touch" && !session.watching ? hands.touch.state : null,
    });
    stage.sound.draw(frame);
  }

  /** Show what is in the way of a lost connection, once that is known. */
  private withTrouble(frame: Frame | null): Frame | null {
    const { trouble } = this.inquiry;
    if (frame?.connection.kind !== "retrying" || trouble === null) return frame;
    return { ...frame, connection: { ...frame.connection, reason: trouble.sentence } };
  }

  /** Skip a countdown: the network came back, or the page did. */
  retryNow(): void {
    this.lobby.retryNow();
    this.session?.retryNow();
    this.replays.retryNow();
  }

  /** Whether there is a match that keys and fingers are for. */
  get isPlaying(): boolean {
    return this.session?.round != null && this.stage?.screens.isMenuOpen === false;
  }

  /** Whether there is something to be seen besides the pages: a match, or a replay. */
  get isInMatch(): boolean {
    return this.session?.round != null || this.replays.isShown;
  }

  /** For the test hook: what is on the screen, and the match behind it. */
  get inspection(): Inspection {
    const isInMatch = this.session !== null || this.replays.isShown;
    return {
      lobby: this.lobbyShown,
      frame: isInMatch ? this.lastFrame : null,
      session: this.session,
      replay: this.replays.state,
      heldCount: this.context.hands.heldCount,
    };
  }

  private enter(seat: Seat): void {
    if (this.session?.isIn(seat) === true) return; // told twice, and taken the first time
    if (seat.path.startsWith(REPLAY_PATH)) {
      this.replays.open(seat.path); // this server shows its matches later than they are
      return;
    }
    this.replays.close();
    this.session?.leave();
    this.parting = null;
    const { openSocket, scheduler } = this.context;
    const host: SessionHost = {
      openSocket,
      scheduler,
      resume: this.resume,
      loadArena: (map, digest) => this.context.loadArena(map, digest),
      changed: () => {
        this.sessionChanged(session);
      },
      received: () => {
        this.advance(session, this.context.scheduler.nowMs());
      },
    };
    const session = new MatchSession(seat, host);
    this.session = session;
    session.connect();
  }

  private sessionChanged(session: MatchSession): void {
    if (session !== this.session) return; // the one before, closing
    const { state } = session;
    this.inquiry.observe(session.path, state);
    if (state.kind === "ended") {
      this.session = null;
      this.lastFrame = null;
      this.context.hands.rest();
      this.stage?.hud.hide();
      this.part(farewell(state, session.round !== null), state.way);
      this.lobby.refreshMatches();
    }
    this.show();
  }

  /**
   * Advance the local player's time, at every frame and every snapshot: inputs are sent thirty
   * times a second even where frames are slow. A hidden page gets no frames at all; its seat
   * continues with neutral inputs.
   */
  private advance(session: MatchSession, nowMs: number): void {
    const { hands, isHidden } = this.context;
    hands.areFree = !isHidden() && this.stage?.screens.isMenuOpen !== true;
    session.advance(nowMs, (tick, round) => this.sample(tick, round));
  }

  private sample(tick: number, round: Round): TickInput {
    const self = round.prediction.self;
    const pointer = this.context.mouse();
    const place = pointer === null ? null : this.stage?.scene.worldAt(pointer.x, pointer.y);
    const mouse =
      place == null || self === null ? null : { dx: place.x - self.x, dy: place.y - self.y };
    return this.context.hands.sample({
      tick,
      mouse,
      weapon: self?.weapon ?? 0,
      confirmedWeapon: round.confirmedWeapon,
      ammo: self === null ? [-1] : [-1, ...self.ammo.slice(1)],
    });
  }

  private handlePresses(stage: Stage): void {
    const { hands } = this.context;
    if (hands.takePresses("menu") > 0) stage.screens.toggleMenu();
    if (hands.takePresses("netGraph") % 2 === 1) this.netGraphOn = !this.netGraphOn;
    if (this.session?.isFollowing !== true) return;
    const steps = hands.takePresses("nextWeapon") + hands.takePresses("fire");
    if (steps > 0) this.follow(1);
    if (hands.takePresses("previousWeapon") > 0) this.follow(-1);
  }

  private replayFrame(stage: Stage, nowMs: number): void {
    const frame = this.withTrouble(this.replays.frame(nowMs));
    stage.replay.draw(this.replays.state);
    if (frame === null) return;
    this.lastFrame = frame;
    stage.scene.draw(frame);
    const scoreboard = this.context.hands.isScoreboardHeld;
    stage.hud.draw(frame, { scoreboard, netGraph: false, touch: null });
    stage.sound.draw(frame);
  }

  /** Show words at the end of a match or a replay, and what to do next; Play is always there. */
  private part(words: string, way: NextStep): void {
    this.parting = words === "" || way === "play" ? null : { words, way };
    this.lobby.say(words);
  }

  private replayEnded(words: string, way: NextStep): void {
    this.inquiry.forget();
    this.lastFrame = null;
    this.stage?.replay.draw(null);
    this.stage?.hud.hide();
    this.part(words, way);
    this.lobby.refreshMatches();
    this.show();
  }

  private get lobbyShown(): LobbyState {
    const { session, parting } = this;
    const { trouble } = this.inquiry;
    if (this.replays.isOpen) {
      const kind = this.replays.isShown ? "replaying" : "seating";
      return { ...this.lobby.state, trouble, activity: { kind } };
    }
    if (session === null) return { ...this.lobby.state, parting };
    const isSeen = session.round !== null;
    return {
      ...this.lobby.state,
      trouble,
      activity: isSeen ? { kind: "playing", watching: session.watching } : { kind: "seating" },
    };
  }

  private show(): void {
    this.stage?.screens.show(this.lobbyShown);
  }
}
