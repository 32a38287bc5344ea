/**
 * The local player's deeds (shots, dashes, clicks), predicted in the frame of the key press, until
 * the server confirms or denies them.
 *
 * Owns: matching the server's deeds to ours. Must not know: how a deed looks. Invariants: a deed is
 * shown once, however late its input reached the server; at most `PENDING_MAX` wait for an answer;
 * each waiting deed has a number below zero, which no shot of the server's has.
 */
import { EventKind } from "../wire/generated";
import type { RawEvent } from "./weapons";

/** What was done in a tick, from where and which way. */
export interface Deed {
  tick: number;
  event: RawEvent;
  x: number;
  y: number;
  aim: number;
}

export interface PendingDeed extends Deed {
  number: number;
}

/** How a replay of inputs changed the predicted deeds. */
export interface Amended {
  moved: PendingDeed[]; // done in another tick, or from elsewhere
  denied: PendingDeed[]; // never done
  made: PendingDeed[]; // done now, and not before
}

export interface Heard {
  confirmed: PendingDeed[];
  unheardOf: RawEvent[]; // all that was not predicted
}

const PENDING_MAX = 64;
// An event carries its snapshot's tick; no snapshot from before a deed has its event.
const EARLY_TICKS = 2;
const LATE_TICKS_MAX = 15; // a deed this much later is another deed

const FORETOLD_KINDS: ReadonlySet<number> = new Set([
  EventKind.FIRE,
  EventKind.SCATTER,
  EventKind.RAIL,
  EventKind.DASH,
  EventKind.EMPTY,
]);

export class Deeds {
  private pending: PendingDeed[] = []; // oldest first
  private nextNumber = -1;

  constructor(private readonly ownSlot: number) {}

  /** Add what the local player just did; the server confirms it a round trip later. */
  foretell(deed: Deed): PendingDeed {
    const pending = { ...deed, number: this.nextNumber };
    this.nextNumber -= 1;
    this.pending.push(pending);
    if (this.pending.length > PENDING_MAX) this.pending.shift();
    return pending;
  }

  /** Match the events of the snapshot of `tick` to the waiting deeds. */
  hear(tick: number, events: readonly RawEvent[]): Heard {
    const heard: Heard = { confirmed: [], unheardOf: [] };
    for (const event of events) {
      const deed = this.take((one) => isSame(one, event) && one.tick <= tick + EARLY_TICKS, event);
      if (deed === null) heard.unheardOf.push(event);
      else heard.confirmed.push(deed);
    }
    return heard;
  }

  /** Settle all deeds up to `tick`, which went as predicted; a missing event was lost. */
  settle(tick: number): PendingDeed[] {
    const settled = this.pending.filter((deed) => deed.tick <= tick);
    this.pending = this.pending.filter((deed) => deed.tick > tick);
    return settled;
  }

  /** Replace the waiting deeds by those of a replay. */
  amend(deeds: readonly Deed[]): Amended {
    const amended: Amended = { moved: [], denied: [], made: [] };
    const before = [...this.pending];
    const answers = new Map<Deed, PendingDeed>();
    for (const reach of [0, LATE_TICKS_MAX]) {
      for (const deed of deeds) {
        if (answers.has(deed)) continue;
        const index = before.findIndex(
          (one) => isSame(one, deed.event) && Math.abs(one.tick - deed.tick) <= reach,
        );
        for (const found of index < 0 ? [] : before.splice(index, 1)) answers.set(deed, found);
      }
    }
    this.pending = [];
    amended.denied = before;
    for (const deed of deeds) {
      const known = answers.get(deed);
      if (known === undefined) {
        amended.made.push(this.foretell(deed));
        continue;
      }
      const moved = { ...deed, number: known.number };
      this.pending.push(moved);
      amended.moved.push(moved);
    }
    return amended;
  }

  private take(isIt: (deed: PendingDeed) => boolean, [kind = 0, slot]: RawEvent): PendingDeed | null {
    if (slot !== this.ownSlot || !FORETOLD_KINDS.has(kind)) return null;
    const index = this.pending.findIndex(isIt);
    return index < 0 ? null : (this.pending.splice(index, 1)[0] ?? null);
  }
}

/** The same kind of deed, with the same weapon; where it was done may be a little off. */
function isSame({ event }: Deed, other: RawEvent): boolean {
  return event[0] === other[0] && (event[0] !== EventKind.FIRE || event[2] === other[2]);
}
