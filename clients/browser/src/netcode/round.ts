/**
 * One round on one arena: the known and the predicted state, and all players' drawn positions.
 *
 * Owns: prediction, interpolation, shots and events of the round. Must not know: sockets, the page.
 * Invariant: it is complete once it has taken in its first view; every new round or connection
 * begins with a new `Round`.
 */
import type { Arena, GameEvent, ShotView } from "../model";
import type { Clock } from "./clock";
import { PredictedActions, type PendingAction } from "./predictedActions";
import { isForced, respawned } from "./forces";
import type { TickInput } from "./inputHistory";
import { Interpolation } from "./interpolation";
import { Prediction } from "./prediction";
import { Predictor } from "./predictor";
import { bodyRecord, fighterOf, ownRecord, weaponOf } from "../rules/records";
import { Shots } from "./shots";
import {
  EventKind,
  MATCH_FIELDS,
  NEVER_TICK,
  Phase,
  type MatchServerWelcome,
} from "../wire/generated";
import type { View } from "../wire/snapshot";
import { EventQueue } from "./eventQueue";

/** The time on the screen: a match has a `Clock` for it, a replay its own. */
export type Moments = Pick<Clock, "interpolationTick" | "predictedTick">;

export class Round {
  readonly prediction: Prediction;
  readonly interpolation = new Interpolation();
  private readonly shots: Shots;
  private readonly actions: PredictedActions;
  private readonly events: EventQueue;
  padReadyTicks: number[]; // as of when each pad was last in sight
  private serverWeapon = 0;

  constructor(
    readonly welcome: MatchServerWelcome,
    readonly arena: Arena,
  ) {
    this.prediction = new Prediction(new Predictor(arena, welcome.slot));
    this.shots = new Shots(arena, welcome.slot);
    this.actions = new PredictedActions(welcome.slot);
    this.events = new EventQueue(welcome.slot);
    this.padReadyTicks = arena.pads.map(() => 0);
  }

  get slot(): number {
    return this.welcome.slot;
  }

  get isWatching(): boolean {
    return this.slot < 0;
  }

  /** Whether the local player's only life is over: from here on they watch. */
  get isOut(): boolean {
    const self = this.prediction.self;
    return !this.isWatching && self !== null && !self.alive && self.respawnTick >= NEVER_TICK;
  }

  get view(): View | null {
    return this.interpolation.newest;
  }

  get phase(): number {
    return this.matchField("phase");
  }

  /** The weapon that the server last said is in hand; the predicted one may be ahead of it. */
  get confirmedWeapon(): number {
    return this.serverWeapon;
  }

  matchField(name: (typeof MATCH_FIELDS)[number]): number {
    return this.view?.match[MATCH_FIELDS.indexOf(name)] ?? Phase.WARMUP;
  }

  /** Take in a snapshot. Returns whether it corrected the prediction. */
  ingest(view: View): boolean {
    const { prediction } = this;
    this.rememberPads(view);
    this.interpolation.push(view);
    const { confirmed, unpredicted } = this.actions.match(view.tick, view.events);
    for (const event of unpredicted) this.events.add(view.tick, event);
    const correctionsBefore = prediction.correctionCount;
    const ended = [...confirmed, ...this.reconcile(view)];
    this.shots.note(view, ended, prediction.tick);
    return prediction.correctionCount > correctionsBefore;
  }

  /** All pads are filled when another phase begins. */
  private rememberPads(view: View): void {
    const isOtherPhase = view.match[MATCH_FIELDS.indexOf("phase")] !== this.phase;
    this.padReadyTicks = this.padReadyTicks.map(
      (known, index) => view.pads.get(index)?.[0] ?? (isOtherPhase ? 0 : known),
    );
  }

  /** Predict one tick with the local player's input. */
  simulate(tick: number, input: TickInput): void {
    for (const action of this.prediction.advance(tick, input, this.phase)) {
      this.show(this.actions.add(action));
    }
  }

  /** The tick that the others are drawn at. */
  othersTick(clock: Moments, nowMs: number): number {
    return clock.interpolationTick(nowMs);
  }

  /** The tick the local player is drawn at; a watcher sees everything at the others' tick. */
  ownTick(clock: Moments, nowMs: number): number {
    return this.isWatching ? this.othersTick(clock, nowMs) : clock.predictedTick;
  }

  shotsAt(clock: Moments, nowMs: number): ShotView[] {
    const othersTick = this.othersTick(clock, nowMs);
    const tick = this.ownTick(clock, nowMs);
    const view = this.isWatching ? this.interpolation.viewAt(othersTick) : this.view;
    return view === null ? [] : this.shots.at(view, tick, tick - othersTick);
  }

  takeEvents(clock: Moments, nowMs: number): GameEvent[] {
    return this.events.take(this.othersTick(clock, nowMs));
  }

  /** Check the prediction. Returns the actions whose end is known without an event. */
  private reconcile(view: View): PendingAction[] {
    const values = view.bodies.get(this.slot);
    if (values === undefined) return [];
    const player = bodyRecord(values);
    this.serverWeapon = weaponOf(player);
    const replayed = this.prediction.reconcile({
      tick: view.tick,
      authoritative: fighterOf(player, ownRecord(view.own)),
      phase: this.phase,
      isForced: isForced(view, this.slot, player),
      isRespawn: respawned(view).has(this.slot),
    });
    if (replayed === null) return this.actions.settle(view.tick);
    const { moved, denied, made } = this.actions.reconcile(replayed);
    const nowTick = this.prediction.tick;
    for (const action of moved) this.shots.move(action, nowTick);
    for (const action of denied) this.shots.deny(action, nowTick);
    for (const action of made) this.show(action);
    return [];
  }

  /** Show an action of the local player at once. */
  private show(action: PendingAction): void {
    this.events.add(action.tick, action.event);
    if (action.event[0] === EventKind.FIRE) this.shots.fire(action);
  }
}
