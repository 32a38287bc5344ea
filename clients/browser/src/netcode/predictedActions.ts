/**
 * Predicted actions: the local player's shots, dashes and clicks, from the frame of the key press
 * until the server confirms or denies them.
 *
 * Owns: matching the server's actions to ours. Must not know: how an action looks. Invariants: an
 * action is shown once, however late its input reached the server; at most `ACTIONS_MAX` are
 * pending; each pending action has a number below zero, which no shot of the server's has.
 */
import { EventKind } from "../wire/generated";
import type { RawEvent } from "../rules/weapons";
import { ACTIONS_MAX, ACTION_EARLY_TICKS, ACTION_LATE_TICKS_MAX } from "./tuning";

/** An action of one tick: where it was done, and in which direction. */
export interface PredictedAction {
  tick: number;
  event: RawEvent;
  x: number;
  y: number;
  aim: number;
}

export interface PendingAction extends PredictedAction {
  number: number;
}

/** How a replay of inputs changed the predicted actions. */
export interface Reconciled {
  moved: PendingAction[]; // done in another tick, or from elsewhere
  denied: PendingAction[]; // never done
  made: PendingAction[]; // done now, and not before
}

export interface Matched {
  confirmed: PendingAction[];
  unpredicted: RawEvent[]; // all that was not predicted
}

const PREDICTED_KINDS: ReadonlySet<number> = new Set([
  EventKind.FIRE,
  EventKind.SCATTER,
  EventKind.RAIL,
  EventKind.DASH,
  EventKind.EMPTY,
]);

export class PredictedActions {
  private pending: PendingAction[] = []; // oldest first
  private nextNumber = -1;

  constructor(private readonly ownSlot: number) {}

  /** Add what the local player just did; the server confirms it a round trip later. */
  add(action: PredictedAction): PendingAction {
    const pending = { ...action, number: this.nextNumber };
    this.nextNumber -= 1;
    this.pending.push(pending);
    if (this.pending.length > ACTIONS_MAX) this.pending.shift();
    return pending;
  }

  /** Match the events of the snapshot of `tick` to the pending actions. */
  match(tick: number, events: readonly RawEvent[]): Matched {
    const matched: Matched = { confirmed: [], unpredicted: [] };
    for (const event of events) {
      const isIt = (one: PendingAction) => isSame(one, event) && one.tick <= tick + ACTION_EARLY_TICKS;
      const action = this.take(isIt, event);
      if (action === null) matched.unpredicted.push(event);
      else matched.confirmed.push(action);
    }
    return matched;
  }

  /** Settle all actions up to `tick`, which went as predicted; a missing event was lost. */
  settle(tick: number): PendingAction[] {
    const settled = this.pending.filter((action) => action.tick <= tick);
    this.pending = this.pending.filter((action) => action.tick > tick);
    return settled;
  }

  /** Replace the pending actions by those of a replay. */
  reconcile(actions: readonly PredictedAction[]): Reconciled {
    const reconciled: Reconciled = { moved: [], denied: [], made: [] };
    const before = [...this.pending];
    const answers = new Map<PredictedAction, PendingAction>();
    for (const reach of [0, ACTION_LATE_TICKS_MAX]) {
      for (const action of actions) {
        if (answers.has(action)) continue;
        const index = before.findIndex(
          (one) => isSame(one, action.event) && Math.abs(one.tick - action.tick) <= reach,
        );
        for (const found of index < 0 ? [] : before.splice(index, 1)) answers.set(action, found);
      }
    }
    this.pending = [];
    reconciled.denied = before;
    for (const action of actions) {
      const known = answers.get(action);
      if (known === undefined) {
        reconciled.made.push(this.add(action));
        continue;
      }
      const moved = { ...action, number: known.number };
      this.pending.push(moved);
      reconciled.moved.push(moved);
    }
    return reconciled;
  }

  private take(
    isIt: (action: PendingAction) => boolean,
    [kind = 0, slot]: RawEvent,
  ): PendingAction | null {
    if (slot !== this.ownSlot || !PREDICTED_KINDS.has(kind)) return null;
    const index = this.pending.findIndex(isIt);
    return index < 0 ? null : (this.pending.splice(index, 1)[0] ?? null);
  }
}

/** The same kind of action, with the same weapon; where it was done may be a little off. */
function isSame({ event }: PredictedAction, other: RawEvent): boolean {
  return event[0] === other[0] && (event[0] !== EventKind.FIRE || event[2] === other[2]);
}
