/**
 * Events waiting for the screen: each is shown when the screen reaches its tick.
 *
 * Owns: the waiting events. Must not know: how anything looks or sounds, or what was predicted.
 * Invariants: bounded; nothing is shown long after it happened.
 */
import type { GameEvent } from "../model";
import type { RawEvent } from "../rules/weapons";
import { EventKind } from "../wire/generated";
import { fieldsOfEvent } from "../wire/snapshot";
import { STALE_TICKS, WAITING_EVENTS_MAX } from "./tuning";

// Another player's actions are shown when that player is drawn doing them. Everything else is shown
// at once: hits, deaths, blasts.
const SHOWN_WITH_BODY: ReadonlySet<number> = new Set([
  EventKind.SCATTER,
  EventKind.RAIL,
  EventKind.DASH,
  EventKind.SPAWN,
]);

export class EventQueue {
  private waiting: GameEvent[] = [];

  constructor(private readonly ownSlot: number) {}

  /** Add something that happened in `tick`, or was predicted for it. */
  add(tick: number, event: RawEvent): void {
    const [kind = 0, ...values] = event;
    const names = fieldsOfEvent(kind);
    if (names === null) return; // from a newer server; it cannot matter to this page
    const fields = Object.fromEntries(names.map((name, index) => [name, values[index] ?? 0]));
    this.waiting.push({ kind, tick, fields });
    if (this.waiting.length > WAITING_EVENTS_MAX) this.waiting.shift();
  }

  /** Take the events to show now, with the others drawn at `othersTick`. */
  take(othersTick: number): GameEvent[] {
    const due = this.waiting.filter((event) => this.isDue(event, othersTick));
    if (due.length > 0)
      this.waiting = this.waiting.filter((event) => !this.isDue(event, othersTick));
    return due.filter((event) => event.tick > othersTick - STALE_TICKS);
  }

  private isDue(event: GameEvent, othersTick: number): boolean {
    if (!SHOWN_WITH_BODY.has(event.kind) || event.fields["slot"] === this.ownSlot) return true;
    return event.tick <= othersTick;
  }
}
