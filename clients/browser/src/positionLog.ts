/**
 * The drawn positions of all players, frame by frame: for tests that look for jumps.
 *
 * Owns: the last frames, while somebody asked for them. Must not know: how frames come about.
 * Invariant: at most `FRAMES_MAX` are kept, and none while nobody watches.
 */
import type { Frame } from "./model";
import { EventKind } from "./wire/generated";

const FRAMES_MAX = 7_200; // two minutes

export interface LoggedFrame {
  atMs: number; // when it was drawn
  nowMs: number; // what the page took for the time then
  tick: number;
  phase: number;
  respawnedSlots: number[]; // who began another life in this frame
  appearedSlots: number[]; // who was out of sight at some moment since the frame before
  players: { slot: number; self: boolean; x: number; y: number; alive: boolean }[];
}

export class PositionLog {
  private readonly frames: LoggedFrame[] = [];
  private isOn = false;

  /** Begin anew. */
  start(): void {
    this.frames.length = 0;
    this.isOn = true;
  }

  /** Everything since the start; the log goes on. */
  read(): readonly LoggedFrame[] {
    return this.frames;
  }

  note(frame: Frame, atMs: number): void {
    if (!this.isOn) return;
    const { nowMs, tick, phase } = frame;
    const spawns = frame.events.filter(({ kind }) => kind === EventKind.SPAWN);
    const respawnedSlots = spawns.map(({ fields }) => fields["slot"] ?? -1);
    const drawn = frame.players.filter((player) => player.seen);
    const appearedSlots = drawn.filter(({ appeared }) => appeared).map(({ slot }) => slot);
    const players = drawn.map(({ slot, self, x, y, alive }) => ({ slot, self, x, y, alive }));
    this.frames.push({ atMs, nowMs, tick, phase, respawnedSlots, appearedSlots, players });
    if (this.frames.length > FRAMES_MAX) this.frames.shift();
  }
}
