/**
 * Events on their way to the screen: each shown once, and when its place on the screen has come.
 *
 * Owns: what waits, and which of one's own deeds were shown already because they were foretold.
 * Must not know: how anything looks or sounds. Invariants: bounded; a deed that was foretold and
 * confirmed is shown once; nothing is shown long after it happened.
 */
import type { GameEvent } from "../model";
import type { RawEvent } from "../sim/weapons";
import { EventKind } from "../wire/generated";
import { fieldsOfEvent } from "../wire/snapshot";

const WAITING_MAX = 256;
const FORETOLD_MAX = 64;
// An event carries its snapshot's tick, and a late input may shift a deed.
const SAME_DEED_TICKS = 4;

// A page that was hidden comes back to what is, not to the noise of all that it missed.
const STALE_TICKS = 90;

// What another player does is shown when he is drawn doing it. All the rest is news at once: hits,
// deaths, blasts.
const SHOWN_WITH_BODY: ReadonlySet<number> = new Set([
  EventKind.SCATTER,
  EventKind.RAIL,
  EventKind.DASH,
  EventKind.SPAWN,
]);
const FORETOLD_KINDS: ReadonlySet<number> = new Set([
  EventKind.FIRE,
  EventKind.SCATTER,
  EventKind.RAIL,
  EventKind.DASH,
  EventKind.EMPTY,
]);

export class EventQueue {
  private waiting: GameEvent[] = [];
  private foretold: { kind: number; tick: number }[] = [];

  constructor(private readonly ownSlot: number) {}

  /** Something oneself just did, before the server says so. */
  foretell(tick: number, event: RawEvent): void {
    this.add(tick, event);
    this.foretold.push({ kind: event[0] ?? 0, tick });
    if (this.foretold.length > FORETOLD_MAX) this.foretold.shift();
  }

  /** The events of a snapshot. */
  receive(tick: number, events: readonly RawEvent[]): void {
    for (const event of events) {
      if (!this.wasForetold(tick, event)) this.add(tick, event);
    }
  }

  /** What is to be shown now, with the others drawn at `othersTick`. */
  take(othersTick: number): GameEvent[] {
    const due = this.waiting.filter((event) => this.isDue(event, othersTick));
    if (due.length > 0)
      this.waiting = this.waiting.filter((event) => !this.isDue(event, othersTick));
    return due.filter((event) => event.tick > othersTick - STALE_TICKS);
  }

  private add(tick: number, event: RawEvent): void {
    const [kind = 0, ...values] = event;
    const names = fieldsOfEvent(kind);
    if (names === null) return; // a newer server's; it cannot matter to this page
    const fields = Object.fromEntries(names.map((name, index) => [name, values[index] ?? 0]));
    this.waiting.push({ kind, tick, fields });
    if (this.waiting.length > WAITING_MAX) this.waiting.shift();
  }

  private isDue(event: GameEvent, othersTick: number): boolean {
    if (!SHOWN_WITH_BODY.has(event.kind) || event.fields["slot"] === this.ownSlot) return true;
    return event.tick <= othersTick;
  }

  private wasForetold(tick: number, event: RawEvent): boolean {
    const [kind = 0, slot] = event;
    if (slot !== this.ownSlot || !FORETOLD_KINDS.has(kind)) return false;
    const index = this.foretold.findIndex(
      (deed) => deed.kind === kind && Math.abs(deed.tick - tick) <= SAME_DEED_TICKS,
    );
    if (index >= 0) this.foretold.splice(index, 1);
    return index >= 0;
  }
}
