/**
 * The client from the start page to a match and back.
 *
 * Owns: which of lobby and match the person is in, and what he asked for while there was nobody to ask. Must not know:
 * the DOM; it draws on a `Stage` and is told the time. Invariants: at most one match at a time; a wish made while the
 * lobby is unreachable is carried out once when it is back, or dropped by the next one.
 *
 *   idle ──play──► queued ──seat──► seating ──first snapshot──► playing ──leave, end──► idle, or the room
 */
import type { Hands } from "./input/hands";
import type { Pointer } from "./input/pointers";
import { farewell } from "./lobby/matchEnd";
import { afterLink, afterMessage, emptyLobby } from "./lobby/lobbyState";
import { ResumeStore, type Seat } from "./match/resumeStore";
import type { Round } from "./match/round";
import { MatchSession, type SessionHost } from "./match/session";
import type { Actions, Arena, Frame, LobbyState } from "./model";
import { LobbyLink } from "./net/lobbyLink";
import type { Scheduler } from "./net/scheduler";
import type { OpenSocket } from "./net/socket";
import { NAME_CHARACTERS_MAX, type Settings, type TextStorage } from "./settings";
import type { TickInput } from "./sim/inputHistory";
import type { Stage } from "./stage";
import type { LobbyClientMessage, LobbyServerMessage } from "./wire/generated";

/** What the app needs of the browser; tests give their own. */
export interface Surroundings {
  settings: Settings;
  hands: Hands;
  openSocket: OpenSocket;
  scheduler: Scheduler;
  tabStorage: TextStorage | null; // lasts as long as the tab
  loadArena(map: string, digest: string): Promise<Arena>;
  isHidden(): boolean;
  mouse(): Pointer | null;
}

const MATCHES_EVERY_MS = 4_000;

export class App implements Actions {
  private readonly lobbyLink: LobbyLink;
  private readonly resume: ResumeStore;
  private lobby: LobbyState;
  private visit: MatchSession | null = null;
  private wish: LobbyClientMessage | null;
  private stage: Stage | null = null;
  private lastFrame: Frame | null = null;
  private netGraphOn: boolean;

  /** `wish` is what the address of the page asks for. */
  constructor(
    private readonly around: Surroundings,
    wish: LobbyClientMessage | null,
  ) {
    const { settings, openSocket, scheduler, tabStorage } = around;
    this.wish = wish;
    this.resume = new ResumeStore(tabStorage);
    this.lobby = emptyLobby(settings.values.name);
    this.netGraphOn = settings.values.showNetGraph;
    settings.onChange((values) => {
      this.netGraphOn = values.showNetGraph;
    });
    const events = {
      message: (message: LobbyServerMessage) => {
        this.hear(message);
      },
      changed: () => {
        this.lobbyChanged();
      },
    };
    const name = (): string => settings.values.name;
    this.lobbyLink = new LobbyLink(name, events, openSocket, scheduler, tabStorage);
  }

  /** Show everything on `stage`, connect, and go back into the seat of before a reload. */
  start(stage: Stage): void {
    this.stage = stage;
    const seat = this.resume.load();
    if (seat !== null) this.enter(seat);
    this.lobbyLink.connect();
    this.refreshLater();
    this.show();
  }

  // -- what the screens may ask for -------------------------------------------------------------------------------

  play(mode: string): void {
    this.ask({ type: "play", mode });
  }

  cancel(): void {
    this.wish = null;
    this.ask({ type: "cancel" });
  }

  createRoom(mode: string, map: string): void {
    this.ask({ type: "create_room", mode, map });
  }

  joinRoom(code: string): void {
    this.ask({ type: "join_room", code: code.trim().toUpperCase() });
  }

  startRoom(bots: number, botLevel: number): void {
    this.ask({ type: "start_room", bots, botLevel });
  }

  leaveRoom(): void {
    this.wish = null;
    this.ask({ type: "leave_room" });
  }

  refreshMatches(): void {
    this.lobbyLink.send({ type: "list_matches" });
  }

  joinMatch(match: string): void {
    this.ask({ type: "join_match", match });
  }

  watchMatch(match: string): void {
    this.ask({ type: "watch_match", match });
  }

  rename(name: string): void {
    const short = [...name.trim()].slice(0, NAME_CHARACTERS_MAX).join("");
    this.around.settings.update({ name: short });
    if (short !== "") this.lobbyLink.send({ type: "rename", name: short });
    this.lobby = { ...this.lobby, name: short === "" ? this.lobby.name : short };
    this.show();
  }

  leaveMatch(): void {
    this.visit?.leave();
  }

  vote(option: number): void {
    this.visit?.vote(option);
  }

  follow(step: 1 | -1): void {
    this.visit?.follow(step);
  }

  // -- what the page tells ----------------------------------------------------------------------------------------

  /** One animation frame. */
  frame(nowMs: number): void {
    const { stage, visit } = this;
    const { hands } = this.around;
    if (stage === null || visit === null) return;
    this.handlePresses(stage);
    this.live(visit, nowMs);
    const frame = visit.frame(nowMs);
    if (frame === null) return;
    this.lastFrame = frame;
    stage.scene.draw(frame);
    stage.hud.draw(frame, {
      scoreboard: hands.isScoreboardHeld,
      netGraph: this.netGraphOn,
      touch: hands.device === "touch" && !visit.watching ? hands.touch.state : null,
    });
    stage.sound.draw(frame);
  }

  /** The network came back, or the page did: do not wait for a countdown. */
  retryNow(): void {
    this.lobbyLink.retryNow();
    this.visit?.retryNow();
  }

  /** Whether there is a match that keys and fingers are for. */
  get isPlaying(): boolean {
    return this.visit?.round != null && this.stage?.screens.isMenuOpen === false;
  }

  /** For the test hook: what is on the screen, and the match behind it. */
  get inspection(): { lobby: LobbyState; frame: Frame | null; visit: MatchSession | null } {
    return { lobby: this.lobbyShown, frame: this.visit === null ? null : this.lastFrame, visit: this.visit };
  }

  // -- lobby ------------------------------------------------------------------------------------------------------

  private ask(message: LobbyClientMessage): void {
    this.lobby = { ...this.lobby, error: "" };
    try {
      if (!this.lobbyLink.send(message)) this.putOff(message);
    } catch (error) {
      // Only what the table does not allow: a code that is too long, a name of a mode that is none.
      this.lobby = { ...this.lobby, error: error instanceof Error ? error.message : "That cannot be sent." };
    }
    this.show();
  }

  private putOff(message: LobbyClientMessage): void {
    if (message.type === "cancel" || message.type === "leave_room") return;
    this.wish = message;
    this.lobby = { ...this.lobby, error: "The server cannot be reached yet; this happens when it can." };
  }

  private hear(message: LobbyServerMessage): void {
    this.lobby = afterMessage(this.lobby, message);
    if (message.type === "welcome") this.carryOutWish();
    if (message.type === "seat") {
      const { match, path, ticket, watch } = message;
      this.enter({ match, path, ticket, watching: watch === 1 });
    }
    this.show();
  }

  private carryOutWish(): void {
    const wish = this.wish;
    this.wish = null;
    this.refreshMatches();
    if (wish !== null && this.visit === null) this.ask(wish);
  }

  private lobbyChanged(): void {
    this.lobby = afterLink(this.lobby, this.lobbyLink.state);
    this.show();
  }

  private refreshLater(): void {
    this.around.scheduler.after(MATCHES_EVERY_MS, () => {
      const isIdle = this.visit === null && this.lobby.activity.kind === "idle";
      if (isIdle && !this.around.isHidden()) this.refreshMatches();
      this.refreshLater();
    });
  }

  // -- match ------------------------------------------------------------------------------------------------------

  private enter(seat: Seat): void {
    this.visit?.leave();
    const { openSocket, scheduler } = this.around;
    const host: SessionHost = {
      openSocket,
      scheduler,
      resume: this.resume,
      loadArena: (map, digest) => this.around.loadArena(map, digest),
      changed: () => {
        this.visitChanged(visit);
      },
      received: () => {
        this.live(visit, this.around.scheduler.nowMs());
      },
    };
    const visit = new MatchSession(seat, host);
    this.visit = visit;
    visit.connect();
  }

  private visitChanged(visit: MatchSession): void {
    if (visit !== this.visit) return; // the one before, saying its farewell
    const { state } = visit;
    if (state.kind === "ended") {
      this.visit = null;
      this.lastFrame = null;
      this.around.hands.rest();
      this.stage?.hud.hide();
      this.lobby = { ...this.lobby, error: farewell(state, visit.round !== null) };
      this.refreshMatches();
    }
    this.show();
  }

  /**
   * Let one's own time pass, at every frame and at every snapshot: inputs go up thirty times a second even where
   * frames are slow. A hidden page gets no frames at all; its seat goes on with empty hands.
   */
  private live(visit: MatchSession, nowMs: number): void {
    const { hands, isHidden } = this.around;
    hands.areFree = !isHidden() && this.stage?.screens.isMenuOpen !== true;
    visit.advance(nowMs, (tick, round) => this.sample(tick, round));
  }

  private sample(tick: number, round: Round): TickInput {
    const self = round.prediction.self;
    const pointer = this.around.mouse();
    const place = pointer === null ? null : this.stage?.scene.worldAt(pointer.x, pointer.y);
    const mouse = place == null || self === null ? null : { dx: place.x - self.x, dy: place.y - self.y };
    return this.around.hands.sample({
      tick,
      mouse,
      weapon: self?.weapon ?? 0,
      confirmedWeapon: round.confirmedWeapon,
      ammo: self === null ? [-1] : [-1, ...self.ammo.slice(1)],
    });
  }

  private handlePresses(stage: Stage): void {
    const { hands } = this.around;
    if (hands.takePresses("menu") > 0) stage.screens.toggleMenu();
    if (hands.takePresses("netGraph") % 2 === 1) this.netGraphOn = !this.netGraphOn;
    if (this.visit?.watching !== true) return;
    const steps = hands.takePresses("nextWeapon") + hands.takePresses("fire");
    if (steps > 0) this.follow(1);
    if (hands.takePresses("previousWeapon") > 0) this.follow(-1);
  }

  private get lobbyShown(): LobbyState {
    const { visit } = this;
    if (visit === null) return this.lobby;
    const isSeen = visit.round !== null;
    return {
      ...this.lobby,
      activity: isSeen ? { kind: "playing", watching: visit.watching } : { kind: "seating" },
    };
  }

  private show(): void {
    this.stage?.screens.show(this.lobbyShown);
  }
}
