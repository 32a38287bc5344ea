/**
 * One round on one arena: what is known of it, what is foretold, and where everybody is drawn.
 *
 * Owns: prediction, interpolation, shots and events of the round. Must not know: sockets, the page.
 * Invariant: it is complete once it has taken in its first view; a new round, or a new connection,
 * begins with a new one of these.
 */
import type { Arena, GameEvent, ShotView } from "../model";
import type { Clock } from "../sim/clock";
import { InputHistory, type TickInput } from "../sim/inputHistory";
import { Interpolation } from "../sim/interpolation";
import { Prediction } from "../sim/prediction";
import { fighterOf, ownRecord, playerRecord, weaponOf } from "../sim/records";
import { Shots } from "../sim/shots";
import { shotVelocity, type Fighter, type RawEvent } from "../sim/weapons";
import { EventKind, MATCH_FIELDS, Phase, type MatchServerWelcome } from "../wire/generated";
import type { View } from "../wire/snapshot";
import { EventQueue } from "./eventQueue";

/** Where time stands on the screen: a match has a `Clock` for it, a replay its own. */
export type Moments = Pick<Clock, "interpolationTick" | "predictedTick">;

export class Round {
  readonly prediction: Prediction;
  readonly interpolation = new Interpolation();
  private readonly shots: Shots;
  private readonly events: EventQueue;
  private serverWeapon = 0;

  constructor(
    readonly welcome: MatchServerWelcome,
    readonly arena: Arena,
  ) {
    this.prediction = new Prediction(arena, welcome.slot, new InputHistory());
    this.shots = new Shots(arena, welcome.slot);
    this.events = new EventQueue(welcome.slot);
  }

  get slot(): number {
    return this.welcome.slot;
  }

  get isWatching(): boolean {
    return this.slot < 0;
  }

  get view(): View | null {
    return this.interpolation.newest;
  }

  get phase(): number {
    return this.matchField("phase");
  }

  /** The weapon that the server last said is in hand; the foretold one may be ahead of it. */
  get confirmedWeapon(): number {
    return this.serverWeapon;
  }

  matchField(name: (typeof MATCH_FIELDS)[number]): number {
    return this.view?.match[MATCH_FIELDS.indexOf(name)] ?? Phase.WARMUP;
  }

  /** Take in a snapshot. Returns whether it corrected the prediction. */
  ingest(view: View): boolean {
    this.interpolation.push(view);
    this.shots.note(view);
    this.events.receive(view.tick, view.events);
    const values = view.players.get(this.slot);
    if (values === undefined) return false;
    const player = playerRecord(values);
    this.serverWeapon = weaponOf(player);
    return this.prediction.reconcile(view.tick, fighterOf(player, ownRecord(view.own)), this.phase);
  }

  /** Live one tick with one's own input. */
  live(tick: number, input: TickInput): void {
    for (const event of this.prediction.advance(tick, input, this.phase)) {
      this.events.foretell(tick, event);
      this.launchGhost(tick, event);
    }
  }

  /** The tick that the others are drawn at. */
  othersTick(clock: Moments, nowMs: number): number {
    return clock.interpolationTick(nowMs);
  }

  /** The tick that oneself is drawn at; a watcher sees everything where the others are. */
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

  private launchGhost(tick: number, event: RawEvent): void {
    const self: Readonly<Fighter> | null = this.prediction.self;
    const [kind, , weapon = 0] = event;
    if (kind !== EventKind.FIRE || self === null) return;
    this.shots.fire(weapon, tick, { x: self.x, y: self.y, ...shotVelocity(weapon, self.aim) });
  }
}
