/**
 * The client from the start page to a match and back.
 *
 * Owns: which of lobby and match the player is in. Must not know: the DOM; it draws on a `Stage`
 * and is told the time. Invariant: at most one match at a time, and the lobby stays connected.
 *
 *   idle ──play──► queued ──seat──► seating ──snapshot──► playing ──leave, end──► idle or room
 */
import type { Hands } from "./input/hands";
import type { Pointer } from "./input/pointers";
import { farewell } from "./lobby/matchEnd";
import { LobbyDesk } from "./lobby/lobbyDesk";
import { ResumeStore, type Seat } from "./match/resumeStore";
import type { Round } from "./match/round";
import { MatchSession, type SessionHost } from "./match/session";
import type { Actions, Arena, Frame, LobbyState } from "./model";
import { PlaceLog } from "./placeLog";
import type { WayOn } from "./net/closeWords";
import { Inquiry } from "./net/inquiry";
import type { Probe } from "./net/probe";
import type { Scheduler } from "./net/scheduler";
import type { OpenSocket } from "./net/socket";
import { ReplayDesk } from "./replay/replayDesk";
import type { ReplayState } from "./replay/replaySession";
import type { Settings, TextStorage } from "./settings";
import type { TickInput } from "./sim/inputHistory";
import type { Stage } from "./stage";
import type { LobbyClientMessage } from "./wire/generated";

const REPLAY_PATH = "replay/";

/** What the app needs of the browser; tests give their own. */
export interface AppContext {
  settings: Settings;
  hands: Hands;
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
  visit: MatchSession | null;
  replay: ReplayState | null;
  heldCount: number; // keys, buttons and fingers that are down
}

export class App implements Actions {
  private readonly desk: LobbyDesk;
  readonly replays: ReplayDesk;
  readonly places = new PlaceLog();
  private readonly resume: ResumeStore;
  private visit: MatchSession | null = null;
  private stage: Stage | null = null;
  private lastFrame: Frame | null = null;
  private netGraphOn: boolean;
  private readonly inquiry: Inquiry; // into the connection of the match or the replay
  private parting: LobbyState["parting"] = null;

  /** `wish` is what the address of the page asks for. */
  constructor(
    private readonly context: AppContext,
    wish: LobbyClientMessage | null,
  ) {
    const { settings } = context;
    this.resume = new ResumeStore(context.tabStorage);
    this.inquiry = new Inquiry(context.probe, context.scheduler, context.page, () => {
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
      isInMatch: () => this.visit !== null || this.replays.isOpen,
    };
    this.desk = new LobbyDesk(context, events, wish);
    this.replays = new ReplayDesk(context, {
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
    this.desk.start();
    this.show();
  }

  play(mode: string): void {
    this.desk.ask({ type: "play", mode });
  }

  cancel(): void {
    this.desk.ask({ type: "cancel" });
  }

  createRoom(mode: string, map: string): void {
    this.desk.ask({ type: "create_room", mode, map });
  }

  joinRoom(code: string): void {
    this.desk.ask({ type: "join_room", code: code.trim().toUpperCase() });
  }

  startRoom(bots: number, botLevel: number): void {
    this.desk.ask({ type: "start_room", bots, botLevel });
  }

  leaveRoom(): void {
    this.desk.ask({ type: "leave_room" });
  }

  refreshMatches(): void {
    this.desk.refreshMatches();
  }

  joinMatch(match: string): void {
    this.desk.ask({ type: "join_match", match });
  }

  watchMatch(match: string): void {
    this.desk.ask({ type: "watch_match", match });
  }

  watchReplay(name: string): void {
    this.replays.open(`${REPLAY_PATH}${encodeURIComponent(name)}`);
  }

  rewind(): void {
    const match = this.visit?.watching === true ? this.visit.round?.welcome.match : undefined;
    if (match === undefined) return;
    this.visit?.leave();
    this.replays.open(`${REPLAY_PATH}live/${encodeURIComponent(match)}`);
  }

  rename(name: string): void {
    this.desk.rename(name);
  }

  acceptName(): void {
    this.desk.acceptName();
  }

  leaveMatch(): void {
    this.visit?.leave();
    this.replays.close();
  }

  tryNow(): void {
    this.retryNow();
  }

  goOn(way: WayOn): void {
    this.parting = null;
    if (way === "reload") this.desk.reload();
    if (way === "reconnect") this.desk.reconnect();
    if (way === "again") this.replays.again();
    this.show();
  }

  vote(option: number): void {
    this.visit?.vote(option);
  }

  follow(step: 1 | -1): void {
    this.visit?.follow(step);
  }

  /** One animation frame. */
  frame(nowMs: number): void {
    const { stage, visit } = this;
    const { hands } = this.context;
    if (stage !== null && this.replays.isOpen) this.replayFrame(stage, nowMs);
    if (stage === null || visit === null) return;
    this.handlePresses(stage);
    this.advance(visit, nowMs);
    const frame = this.withTrouble(visit.frame(nowMs));
    if (frame === null) return;
    this.lastFrame = frame;
    stage.screens.offerFollowing(visit.isFollowing);
    this.places.note(frame, this.context.scheduler.nowMs());
    stage.scene.draw(frame);
    stage.hud.draw(frame, {
      scoreboard: hands.isScoreboardHeld,
      netGraph: this.netGraphOn,
      touch: hands.device === "touch" && !visit.watching ? hands.touch.state : null,
    });
    stage.sound.draw(frame);
  }

  /** Show what is in the way of a lost connection, once that is known. */
  private withTrouble(frame: Frame | null): Frame | null {
    const { trouble } = this.inquiry;
    if (frame?.link.kind !== "retrying" || trouble === null) return frame;
    return { ...frame, link: { ...frame.link, reason: trouble.sentence } };
  }

  /** Skip a countdown: the network came back, or the page did. */
  retryNow(): void {
    this.desk.retryNow();
    this.visit?.retryNow();
    this.replays.retryNow();
  }

  /** Whether there is a match that keys and fingers are for. */
  get isPlaying(): boolean {
    return this.visit?.round != null && this.stage?.screens.isMenuOpen === false;
  }

  /** Whether there is something to be seen besides the pages: a match, or a replay. */
  get isInMatch(): boolean {
    return this.visit?.round != null || this.replays.isShown;
  }

  /** For the test hook: what is on the screen, and the match behind it. */
  get inspection(): Inspection {
    const isInMatch = this.visit !== null || this.replays.isShown;
    return {
      lobby: this.lobbyShown,
      frame: isInMatch ? this.lastFrame : null,
      visit: this.visit,
      replay: this.replays.state,
      heldCount: this.context.hands.heldCount,
    };
  }

  private enter(seat: Seat): void {
    if (this.visit?.isIn(seat) === true) return; // told twice, and taken the first time
    if (seat.path.startsWith(REPLAY_PATH)) {
      this.replays.open(seat.path); // this server shows its matches later than they are
      return;
    }
    this.replays.close();
    this.visit?.leave();
    this.parting = null;
    const { openSocket, scheduler } = this.context;
    const host: SessionHost = {
      openSocket,
      scheduler,
      resume: this.resume,
      loadArena: (map, digest) => this.context.loadArena(map, digest),
      changed: () => {
        this.visitChanged(visit);
      },
      received: () => {
        this.advance(visit, this.context.scheduler.nowMs());
      },
    };
    const visit = new MatchSession(seat, host);
    this.visit = visit;
    visit.connect();
  }

  private visitChanged(visit: MatchSession): void {
    if (visit !== this.visit) return; // the one before, closing
    const { state } = visit;
    this.inquiry.observe(visit.path, state);
    if (state.kind === "ended") {
      this.visit = null;
      this.lastFrame = null;
      this.context.hands.rest();
      this.stage?.hud.hide();
      this.part(farewell(state, visit.round !== null), state.way);
      this.desk.refreshMatches();
    }
    this.show();
  }

  /**
   * Advance the local player's time, at every frame and every snapshot: inputs are sent thirty
   * times a second even where frames are slow. A hidden page gets no frames at all; its seat
   * continues with neutral inputs.
   */
  private advance(visit: MatchSession, nowMs: number): void {
    const { hands, isHidden } = this.context;
    hands.areFree = !isHidden() && this.stage?.screens.isMenuOpen !== true;
    visit.advance(nowMs, (tick, round) => this.sample(tick, round));
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
    if (this.visit?.isFollowing !== true) return;
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
  private part(words: string, way: WayOn): void {
    this.parting = words === "" || way === "play" ? null : { words, way };
    this.desk.say(words);
  }

  private replayEnded(words: string, way: WayOn): void {
    this.inquiry.forget();
    this.lastFrame = null;
    this.stage?.replay.draw(null);
    this.stage?.hud.hide();
    this.part(words, way);
    this.desk.refreshMatches();
    this.show();
  }

  private get lobbyShown(): LobbyState {
    const { visit, parting } = this;
    const { trouble } = this.inquiry;
    if (this.replays.isOpen) {
      const kind = this.replays.isShown ? "replaying" : "seating";
      return { ...this.desk.state, trouble, activity: { kind } };
    }
    if (visit === null) return { ...this.desk.state, parting };
    const isSeen = visit.round !== null;
    return {
      ...this.desk.state,
      trouble,
      activity: isSeen ? { kind: "playing", watching: visit.watching } : { kind: "seating" },
    };
  }

  private show(): void {
    this.stage?.screens.show(this.lobbyShown);
  }
}
