/**
 * A match session on a fake network: frames that pass, and a player's input in each.
 *
 * Owns the session under test and all that it stands on. Nothing here ever waits.
 */
import { ResumeStore } from "../../src/match/resumeStore";
import { MatchSession } from "../../src/match/session";
import { Button } from "../../src/wire/generated";
import type { TickInput } from "../../src/netcode/inputHistory";
import type { Frame, GameEvent } from "../../src/model";
import { FakeNetwork, FakeScheduler, FakeStorage, seededDice } from "../fakes";
import { HALL } from "../rules/grounds";
import { FakeMatch } from "./fakeMatch";

export const FRAME_MS = 1000 / 60;
export const SEAT = {
  ...{ match: "m1", path: "match/m1" },
  ...{ ticket: Uint8Array.of(1, 2, 3), watching: false },
};
const SETTLING_FRAMES = 240; // four seconds, for the clock

export type Play = (tick: number) => TickInput;

export const NEUTRAL: Play = () => ({ buttons: 0, aim: 0 });

/** Runs, turns, dashes, shoots and changes weapons, in bursts, the same on every run. */
export function wild(seed: number): Play {
  const dice = seededDice(seed);
  let input = { buttons: 0, aim: 0 };
  return (tick) => {
    if (tick % 7 === 0) {
      const buttons = Math.floor(dice() * 64) | (Math.floor(dice() * 6) << Button.SELECT_SHIFT);
      input = { buttons, aim: Math.floor(dice() * 65_536) };
    }
    return input;
  };
}

export class MatchHarness {
  readonly scheduler = new FakeScheduler();
  readonly network = new FakeNetwork();
  readonly storage = new FakeStorage();
  readonly session: MatchSession;
  /** Told of every frame that was drawn. */
  watch: (frame: Frame) => void = () => undefined;

  constructor() {
    this.scheduler.advance(1_000);
    this.session = new MatchSession(SEAT, {
      openSocket: this.network.open,
      scheduler: this.scheduler,
      resume: new ResumeStore(this.storage),
      loadArena: () => Promise.resolve(HALL),
      changed: () => undefined,
      received: () => undefined,
    });
  }

  async begin(delayMs: () => number): Promise<FakeMatch> {
    const match = new FakeMatch(this.scheduler, this.network, delayMs);
    this.session.connect();
    match.accept();
    await this.play(match, SETTLING_FRAMES, NEUTRAL);
    return match;
  }

  /** Plays for so many frames; returns all events that were shown. */
  async play(
    match: FakeMatch,
    frames: number,
    input: Play,
    frameMs = FRAME_MS,
  ): Promise<GameEvent[]> {
    const { scheduler, session } = this;
    const shown: GameEvent[] = [];
    for (let count = 0; count < frames; count += 1) {
      // The server goes on while a slow frame is drawn.
      for (let part = 0; part < frameMs; part += FRAME_MS) {
        scheduler.advance(Math.min(FRAME_MS, frameMs - part));
        match.run(this.network.last);
      }
      await Promise.resolve(); // the map arrives by a promise
      session.advance(scheduler.nowMs(), input);
      const frame = session.frame(scheduler.nowMs());
      if (frame === null) continue;
      shown.push(...frame.events);
      this.watch(frame);
    }
    return shown;
  }
}
