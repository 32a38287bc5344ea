/**
 * Events on their way to the screen: each shown when its place on the screen has come.
 *
 * Owns: what waits. Must not know: how anything looks or sounds, or what was foretold. Invariants:
 * bounded; nothing is shown long after it happened.
 */
import type { GameEvent } from "../model";
import type { RawEvent } from "../sim/weapons";
import { EventKind } from "../wire/generated";
import { fieldsOfEvent } from "../wire/snapshot";

const WAITING_MAX = 256;

// A page that was hidden comes back to what is, not to the noise of all that it missed.
const STALE_TICKS = 90;

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

  /** Something happened in `tick`, or was foretold for it. */
  add(tick: number, event: RawEvent): void {
    const [kind = 0, ...values] = event;
    const names = fieldsOfEvent(kind);
    if (names === null) return; // a newer server's; it cannot matter to this page
    const fields = Object.fromEntries(names.map((name, index) => [name, values[index] ?? 0]));
    this.waiting.push({ kind, tick, fields });
    if (this.waiting.length > WAITING_MAX) this.waiting.shift();
  }

  /** What is to be shown now, with the others drawn at `othersTick`. */
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
