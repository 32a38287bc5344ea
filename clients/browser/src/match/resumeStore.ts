/**
 * The seat of this tab, kept through a reload of the page.
 *
 * Owns: one stored seat. Invariant: what is read back is a seat or nothing, whatever the storage
 * holds.
 */
import { bytesOfHex, hexOfBytes } from "../net/hex";
import { routeOf } from "../net/url";
import type { TextStorage } from "../settings";

/** A seat to return to after a reload. */
export interface Seat {
  match: string;
  path: string; // beside the page, without a slash before it
  ticket: Uint8Array;
  watching: boolean;
}

const KEY = "skirmish.seat";
const TICKET_BYTES_MAX = 256;

export class ResumeStore {
  constructor(private readonly storage: TextStorage | null) {}

  save(seat: Seat): void {
    this.write(JSON.stringify({ ...seat, ticket: hexOfBytes(seat.ticket) }));
  }

  forget(): void {
    this.write("");
  }

  load(): Seat | null {
    try {
      return seatOf(JSON.parse(this.storage?.getItem(KEY) ?? "null"));
    } catch {
      return null;
    }
  }

  private write(text: string): void {
    try {
      this.storage?.setItem(KEY, text);
    } catch {
      // Without storage a reload loses the seat; the lobby gives another one.
    }
  }
}

function seatOf(stored: unknown): Seat | null {
  if (typeof stored !== "object" || stored === null) return null;
  const { match, path, ticket, watching } = stored as Record<string, unknown>;
  if (typeof match !== "string" || typeof path !== "string" || typeof ticket !== "string")
    return null;
  const bytes = bytesOfHex(ticket);
  const route = routeOf(path); // what an older page kept began with a slash
  if (!route.startsWith("match/") || bytes.length === 0 || bytes.length > TICKET_BYTES_MAX)
    return null;
  return { match, path: route, ticket: bytes, watching: watching === true };
}
