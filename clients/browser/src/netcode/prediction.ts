/**
 * Client-side prediction: inputs act at once, and each snapshot is checked against the prediction.
 *
 * Owns: the local player's state at each tick since the last snapshot, and the error being smoothed
 * out. Must not know: the network, other players. Invariants: after `reconcile` the newest state is
 * the server's plus our later inputs; when nothing but our inputs acted, it changes and counts
 * nothing.
 */
import type { PredictedAction } from "./predictedActions";
import { shareLeft } from "./hiding";
import { InputHistory, type TickInput } from "./inputHistory";
import { copyOf, isSameFighter, type Predictor } from "./predictor";
import type { Fighter } from "../rules/weapons";
import { HIDDEN_UNITS_MAX, STATES_MAX, TICK_UNITS_MAX } from "./tuning";

export interface Position {
  x: number;
  y: number;
}

/** The local player's state in a snapshot. */
export interface ServerState {
  tick: number;
  authoritative: Fighter;
  phase: number;
  isForced: boolean; // something else acted on them
  isRespawn: boolean; // spawned: in another place, with nothing of the old life
}

export class Prediction {
  correctionCount = 0; // the body was elsewhere, or went another way; or it was unforced
  unforcedCount = 0; // of these: anything differed, and nothing but our inputs acted on us
  lastCorrectionUnits = 0;
  private readonly states = new Map<number, Fighter>();
  private newestTick = -1;
  private drawnTick = 0;
  private errorX = 0;
  private errorY = 0;

  constructor(
    private readonly predictor: Predictor,
    private readonly history = new InputHistory(),
  ) {}

  /** The newest predicted state, or null before the first snapshot. */
  get self(): Readonly<Fighter> | null {
    return this.states.get(this.newestTick) ?? null;
  }

  get tick(): number {
    return this.newestTick;
  }

  /** Predict up to `tick` with `input`. Returns the actions to show at once. */
  advance(tick: number, input: TickInput, phase: number): PredictedAction[] {
    this.history.put(tick, input);
    const { self } = this;
    if (self === null) return [];
    const isJump = tick > this.newestTick + 1; // of the clock; the server coasted, and so do we
    const drawnBefore = this.positionAt(this.drawnTick);
    // The page slept: the server will say what happened.
    if (tick - this.newestTick > STATES_MAX) this.restart(tick - 1, self);
    const actions = this.simulateUntil(tick, phase);
    if (isJump) this.drawFrom(drawnBefore, tick);
    return actions;
  }

  /**
   * Check a tick against the server's state; if they differ, replay later inputs from it. Returns
   * the actions of the replay; null when none was needed.
   */
  reconcile(state: ServerState): PredictedAction[] | null {
    const { tick, authoritative } = state;
    const predicted = this.states.get(tick);
    const drawnBefore = this.positionAt(this.drawnTick);
    const isSame = predicted !== undefined && isSameFighter(predicted, authoritative);
    this.forgetBefore(tick);
    if (isSame) return null;
    const isFarBehind = this.newestTick - tick > STATES_MAX;
    const until = isFarBehind ? tick : this.newestTick;
    this.restart(tick, authoritative);
    const actions = this.simulateUntil(until, state.phase);
    if (predicted !== undefined) this.noteCorrection(predicted, state, drawnBefore);
    return actions;
  }

  /**
   * Where to draw the local player at `drawnTick` (with its fraction): between two ticks, plus the
   * remaining error.
   */
  positionAt(drawnTick: number): Position {
    this.drawnTick = drawnTick;
    const after = this.self;
    if (after === null) return { x: 0, y: 0 };
    const before = this.states.get(this.newestTick - 1) ?? after;
    const isOneWay = Math.hypot(after.x - before.x, after.y - before.y) < TICK_UNITS_MAX;
    const fraction = isOneWay ? Math.max(0, Math.min(1, drawnTick - this.newestTick)) : 1;
    return {
      x: before.x + (after.x - before.x) * fraction + this.errorX,
      y: before.y + (after.y - before.y) * fraction + this.errorY,
    };
  }

  /** Let the error that is being smoothed out fade. */
  fade(ticks: number): void {
    const left = shareLeft(this.errorX, this.errorY, ticks);
    this.errorX *= left;
    this.errorY *= left;
  }

  private restart(tick: number, state: Readonly<Fighter>): void {
    this.states.clear();
    this.states.set(tick, copyOf(state));
    this.newestTick = tick;
  }

  private simulateUntil(tick: number, phase: number): PredictedAction[] {
    const actions: PredictedAction[] = [];
    while (this.newestTick < tick) actions.push(...this.simulateTick(phase));
    return actions;
  }

  private simulateTick(phase: number): PredictedAction[] {
    const before = this.states.get(this.newestTick);
    this.newestTick += 1;
    if (before === undefined) return [];
    const fighter = copyOf(before);
    const tick = this.newestTick;
    const events = this.predictor.simulate(fighter, tick, this.history.at(tick), phase);
    this.states.set(tick, fighter);
    if (this.states.size > STATES_MAX) this.forgetBefore(tick - STATES_MAX + 1);
    const { x, y, aim } = fighter;
    return events.map((event) => ({ tick, event, x, y, aim }));
  }

  /** Count a wrong prediction, and smooth out its offset over some frames. */
  private noteCorrection(predicted: Fighter, state: ServerState, drawnBefore: Position): void {
    const { authoritative } = state;
    const wrongUnits = Math.hypot(predicted.x - authoritative.x, predicted.y - authoritative.y);
    const isBodyWrong =
      wrongUnits > 0 || predicted.vx !== authoritative.vx || predicted.vy !== authoritative.vy;
    this.errorX = this.errorY = 0;
    // A spawn, and no prediction was at fault.
    const isJump = wrongUnits > HIDDEN_UNITS_MAX;
    if (state.isRespawn || predicted.alive < authoritative.alive || isJump) return;
    // A death cannot be predicted.
    const isUnforced = !state.isForced && predicted.alive === authoritative.alive;
    if (isUnforced) this.unforcedCount += 1;
    if (isUnforced || (isBodyWrong && authoritative.alive)) {
      this.correctionCount += 1;
      this.lastCorrectionUnits = Math.round(wrongUnits);
    }
    this.drawFrom(drawnBefore, this.drawnTick);
  }

  /** Smooth out the offset from where the local player is drawn to where they are at `tick`. */
  private drawFrom(drawn: Position, tick: number): void {
    this.errorX = this.errorY = 0;
    const { x, y } = this.positionAt(tick);
    const isOneWay = Math.hypot(drawn.x - x, drawn.y - y) <= HIDDEN_UNITS_MAX;
    if (isOneWay) [this.errorX, this.errorY] = [drawn.x - x, drawn.y - y];
  }

  private forgetBefore(tick: number): void {
    for (const known of this.states.keys()) if (known < tick - 1) this.states.delete(known);
    this.history.forgetBefore(tick);
  }
}
