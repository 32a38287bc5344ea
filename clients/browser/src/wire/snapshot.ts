/**
 * Rebuilds the server's view from snapshots, as game/wire/snapshot.py specifies.
 *
 * Owns: the last view of this socket, which is the base of the next. Must not know: how it is
 * drawn. Invariants: after `apply` the view equals the one the server cut for us; whoever has a
 * body in it has a card; a snapshot that cannot be right raises `DecodeError`, and the reader must
 * then be thrown away.
 */
import { DecodeError } from "./cbor";
import {
  BODY_FIELDS,
  CARD_FIELDS,
  CIRCLE_FIELDS,
  EVENT_FIELDS,
  FLAG_FIELDS,
  MATCH_FIELDS,
  OWN_FIELDS,
  PAD_FIELDS,
  SHOT_FIELDS,
  TEAM_FIELDS,
  type MatchServerFullSnapshot,
  type MatchServerDeltaSnapshot,
} from "./generated";

/** One tick as we may see it; records are in the order of the generated field lists. */
export interface View {
  tick: number;
  cards: Map<number, readonly number[]>; // of everybody in the match
  bodies: Map<number, readonly number[]>; // of those in sight
  shots: Map<number, readonly number[]>;
  pads: Map<number, readonly number[]>; // of those in sight
  match: readonly number[];
  own: readonly number[]; // empty for a watcher
  teams: Map<number, readonly number[]>; // empty in modes without
  flags: Map<number, readonly number[]>; // by team
  circle: readonly number[]; // all zeros: there is none
  events: readonly (readonly number[])[]; // since the view before: [kind, field, …]
}

type Records = Map<number, readonly number[]>;
type Section = readonly number[];

const STATE_SECTIONS_MAX = 6;
const SIGHT_SECTIONS_MAX = 7;
const NOTHING: Section = [];

export class SnapshotReader {
  private base: View | null = null;

  get view(): View | null {
    return this.base;
  }

  apply(message: MatchServerFullSnapshot | MatchServerDeltaSnapshot): View {
    const { state, sight } = message;
    if (state.length > STATE_SECTIONS_MAX || sight.length > SIGHT_SECTIONS_MAX)
      throw new DecodeError("a snapshot has too many sections");
    const base = message.type === "full_snapshot" ? null : this.base;
    if (message.type === "delta_snapshot" && base === null) {
      throw new DecodeError("a delta came before the full snapshot");
    }
    const ticks = message.type === "full_snapshot" ? 0 : message.ticks;
    const known = (index: number): Section => state[index] ?? NOTHING;
    const seen = (index: number): Section => sight[index] ?? NOTHING;
    const bodies = advance(base?.bodies, ticks);
    remove(bodies, seen(4));
    const shots = advance(base?.shots, ticks);
    remove(shots, seen(3));
    const pads = new Map(base?.pads);
    remove(pads, seen(6));
    const cards = new Map(base?.cards);
    remove(cards, known(2));
    const view: View = {
      tick: message.type === "full_snapshot" ? message.tick : (base?.tick ?? 0) + ticks,
      cards: ascending(merge(cards, known(0), CARD_FIELDS.length)),
      bodies: ascending(merge(bodies, seen(0), BODY_FIELDS.length)),
      shots: ascending(merge(shots, seen(1), SHOT_FIELDS.length)),
      pads: ascending(merge(pads, seen(5), PAD_FIELDS.length)),
      match: patch(base?.match, known(1), MATCH_FIELDS.length),
      own: message.own.length === 0 ? (base?.own ?? []) : patchOwn(base, message.own),
      events: readEvents(seen(2)),
      teams: ascending(merge(new Map(base?.teams), known(3), TEAM_FIELDS.length)),
      flags: ascending(merge(new Map(base?.flags), known(4), FLAG_FIELDS.length)),
      circle: patch(base?.circle, known(5), CIRCLE_FIELDS.length),
    };
    for (const slot of view.bodies.keys()) {
      if (!view.cards.has(slot)) throw new DecodeError("a snapshot has a body without a player");
    }
    this.base = view;
    return this.base;
  }
}

/** Extrapolated positions: the first four fields are x, y, vx, vy. */
function advance(records: Records | undefined, ticks: number): Records {
  const moved: Records = new Map();
  for (const [key, record] of records ?? []) {
    const [x = 0, y = 0, vx = 0, vy = 0] = record;
    if (ticks === 0 || (vx === 0 && vy === 0)) {
      moved.set(key, record);
      continue;
    }
    const next = record.slice();
    next[0] = x + ticks * vx;
    next[1] = y + ticks * vy;
    moved.set(key, next);
  }
  return moved;
}

function remove(records: Records, keys: Section): void {
  for (const key of keys) {
    if (!records.delete(key)) throw new DecodeError("a snapshot removes what was not there");
  }
}

/** Apply `[key, mask, difference, …]` groups. */
function merge(records: Records, section: Section, fieldCount: number): Records {
  let at = 0;
  while (at < section.length) {
    const key = section[at];
    if (key === undefined || key < 0) throw new DecodeError("a snapshot names a negative entity");
    const record = records.get(key)?.slice() ?? zeros(fieldCount);
    at = addDifferences(record, section, at + 1);
    records.set(key, record);
  }
  return records;
}

/** A watcher has no own part at all, so the first one of a player is a delta against nothing. */
function patchOwn(base: View | null, section: Section): Section {
  const before = base === null || base.own.length === 0 ? undefined : base.own;
  return patch(before, section, OWN_FIELDS.length);
}

/** Apply one `[mask, difference, …]`, or nothing. */
function patch(base: Section | undefined, section: Section, fieldCount: number): Section {
  const record = base?.slice() ?? zeros(fieldCount);
  if (section.length === 0) return record;
  if (addDifferences(record, section, 0) !== section.length) {
    throw new DecodeError("a snapshot's record is longer than its mask says");
  }
  return record;
}

/** Reads a mask and its differences from `at`; returns where the next group begins. */
function addDifferences(record: number[], section: Section, at: number): number {
  const mask = section[at];
  if (mask === undefined || mask < 0 || mask >= 2 ** record.length) {
    throw new DecodeError("a snapshot's mask has bits for no field");
  }
  let next = at + 1;
  for (let bit = 0; bit < record.length; bit += 1) {
    if ((mask & (1 << bit)) === 0) continue;
    const difference = section[next];
    if (difference === undefined) throw new DecodeError("a snapshot ends too early");
    record[bit] = (record[bit] ?? 0) + difference;
    next += 1;
  }
  return next;
}

function readEvents(section: Section): (readonly number[])[] {
  const events: (readonly number[])[] = [];
  let at = 0;
  while (at < section.length) {
    const length = section[at] ?? 0;
    const event = section.slice(at + 1, at + 1 + length);
    if (length < 1 || event.length !== length)
      throw new DecodeError("a snapshot's events do not fit");
    const fields = fieldsOfEvent(event[0] ?? 0);
    if (fields !== null && fields.length !== length - 1) {
      throw new DecodeError("an event has the wrong number of fields");
    }
    events.push(event);
    at += 1 + length;
  }
  return events;
}

/** The field names of an event kind; null for one that this build does not know. */
export function fieldsOfEvent(kind: number): readonly string[] | null {
  return (EVENT_FIELDS as Readonly<Record<number, readonly string[]>>)[kind] ?? null;
}

function ascending(records: Records): Records {
  let before = -1;
  for (const key of records.keys()) {
    if (key < before) return new Map([...records].sort(([one], [other]) => one - other));
    before = key;
  }
  return records;
}

function zeros(count: number): number[] {
  return new Array<number>(count).fill(0);
}
