/**
 * The viewer of replays: one at a time, with a camera of its own.
 *
 * Owns: which replay is open, and what keys, fingers and the bar ask of it. Must not know: the DOM,
 * the lobby. Invariant: while none is open, nothing that is asked does anything.
 */
import type { Arena, ConnectionState, Frame, NextStep } from "../model";
import type { Scheduler } from "../net/scheduler";
import type { OpenSocket } from "../net/socket";
import { FreeCamera, type Size } from "./freeCamera";
import { steppedSpeed, type ReplayWish } from "./replayKeys";
import { ReplaySession, type ReplayState } from "./replaySession";
import { lastKillTick, nextKillTick } from "./timeline";

/** The browser's functions that the viewer uses. */
export interface ReplayContext {
  openSocket: OpenSocket;
  scheduler: Scheduler;
  loadArena(map: string, digest: string): Promise<Arena>;
}

export interface ReplayEvents {
  changed(): void;
  /** It was closed, or is over; `words` are "" or say why, and `way` what to do about it. */
  ended(words: string, way: NextStep): void;
}

export class ReplayController {
  private session: ReplaySession | null = null;
  private last: ReplaySession | null = null; // it ended, and may be resumed
  private readonly camera = new FreeCamera();

  constructor(
    private readonly context: ReplayContext,
    private readonly events: ReplayEvents,
  ) {}

  get isOpen(): boolean {
    return this.session !== null;
  }

  /** Whether it is already on the screen. */
  get isShown(): boolean {
    return this.session?.isShown === true;
  }

  /** The connection of the open replay, and where it leads. */
  get line(): { path: string; state: ConnectionState } | null {
    return this.session === null
      ? null
      : { path: this.session.path, state: this.session.connectionState };
  }

  /** The state of the bar; null while there is nothing to show. */
  get state(): ReplayState | null {
    return this.isShown ? (this.session?.state(this.camera.isOn) ?? null) : null;
  }

  /** Watch a finished round (`replay/NAME`) or a running match (`replay/live/MATCH`). */
  open(path: string): void {
    this.session?.leave();
    this.camera.turnOff();
    const session = new ReplaySession(path, {
      ...this.context,
      changed: () => {
        this.sessionChanged(session);
      },
    });
    this.session = session;
    session.connect();
    this.events.changed();
  }

  /** Resume the replay that ended, where it was. */
  again(): void {
    const { last } = this;
    if (last === null || this.session !== null) return;
    this.session = last;
    this.last = null;
    last.reconnect();
    this.events.changed();
  }

  close(): void {
    const { session } = this;
    this.session = null;
    if (session === null) return;
    session.leave();
    this.events.ended("", "play");
  }

  frame(nowMs: number): Frame | null {
    return this.session?.frame(nowMs, this.camera.current) ?? null;
  }

  retryNow(): void {
    this.session?.retryNow();
  }

  nameOf(slot: number): string {
    return this.session?.nameOf(slot) ?? "";
  }

  seek(tick: number): void {
    this.session?.seek(tick);
  }

  setSpeed(percent: number): void {
    this.session?.setSpeed(percent);
  }

  goLive(): void {
    this.session?.goLive();
  }

  /** Act on a key or a button. */
  wish(wish: ReplayWish, screen: Size): void {
    const { session, state } = this;
    if (session === null) return;
    if (wish.kind === "close") this.close();
    if (state === null) return;
    switch (wish.kind) {
      case "toggle":
        session.toggle();
        break;
      case "skip":
        session.skip(wish.ticks);
        break;
      case "speed":
        session.setSpeed(steppedSpeed(state.speed, wish.step));
        break;
      case "follow":
        this.camera.turnOff();
        session.follow(wish.step);
        break;
      case "kill":
        this.seekKill(session, state, wish.step);
        break;
      case "free":
        this.toggleFree(session, screen);
        break;
      case "start":
        session.seek(state.firstTick);
        break;
      case "end":
        session.seek(state.lastTick);
        break;
      case "close":
        break;
    }
  }

  /** The map is dragged: from then on the camera is free. */
  drag(dxPx: number, dyPx: number, screen: Size): void {
    const arena = this.session?.map;
    if (arena == null) return;
    if (!this.camera.isOn) this.camera.turnOn(arena, screen, this.session?.followedAt ?? null);
    this.camera.drag(dxPx, dyPx, arena);
  }

  /** Closer or farther; `from` is the pointer's place, from the middle of the screen. */
  zoom(factor: number, from: { x: number; y: number }, screen: Size): void {
    const arena = this.session?.map;
    if (arena == null) return;
    if (!this.camera.isOn) this.camera.turnOn(arena, screen, this.session?.followedAt ?? null);
    this.camera.zoom(factor, from, arena, screen);
  }

  private toggleFree(session: ReplaySession, screen: Size): void {
    if (this.camera.isOn) this.camera.turnOff();
    else if (session.map !== null) this.camera.turnOn(session.map, screen, session.followedAt);
  }

  private seekKill(session: ReplaySession, state: ReplayState, step: 1 | -1): void {
    const find = step === 1 ? nextKillTick : lastKillTick;
    const tick = find(state.kills, state.tick);
    if (tick !== null) session.seek(tick);
  }

  private sessionChanged(session: ReplaySession): void {
    if (session !== this.session) return; // the one before, closing
    const { connectionState } = session;
    if (connectionState.kind === "ended") {
      this.session = null;
      this.last = session;
      this.events.ended(connectionState.reason, connectionState.way);
    } else this.events.changed();
  }
}
