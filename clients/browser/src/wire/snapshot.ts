/**
 * Rebuilds the server's view from snapshots, as game/wire/snapshot.py specifies.
 *
 * Owns: the last view of this socket, which is the base of the next. Must not know: how it is
 * drawn. Invariant: after `apply` the view equals the one the server cut for us; a snapshot that
 * cannot be right raises `DecodeError`, and the reader must then be thrown away.
 */
import { DecodeError } from "./cbor";
import {
  CIRCLE_FIELDS,
  EVENT_FIELDS,
  FLAG_FIELDS,
  MATCH_FIELDS,
  OWN_FIELDS,
  PAD_FIELDS,
  PLAYER_FIELDS,
  SHOT_FIELDS,
  TEAM_FIELDS,
  type MatchServerFull,
  type MatchServerSnapshot,
} from "./generated";

/** One tick as we may see it; records are in the order of the generated field lists. */
export interface View {
  tick: number;
  players: Map<number, readonly number[]>;
  shots: Map<number, readonly number[]>;
  pads: Map<number, readonly number[]>;
  match: readonly number[];
  own: readonly number[]; // empty for a watcher
  teams: Map<number, readonly number[]>; // empty in modes without
  flags: Map<number, readonly number[]>; // by team
  circle: readonly number[]; // all zeros: there is none
  events: readonly (readonly number[])[]; // since the view before: [kind, field, …]
}

type Records = Map<number, readonly number[]>;
type Section = readonly number[];

const SECTIONS_MAX = 10;
const NOTHING: Section = [];

export class SnapshotReader {
  private base: View | null = null;

  get view(): View | null {
    return this.base;
  }

  apply(message: MatchServerFull | MatchServerSnapshot): View {
    if (message.state.length > SECTIONS_MAX)
      throw new DecodeError("a snapshot has too many sections");
    const base = message.type === "full" ? null : this.base;
    if (message.type === "snapshot" && base === null) {
      throw new DecodeError("a delta came before the full snapshot");
    }
    const ticks = message.type === "full" ? 0 : message.ticks;
    const section = (index: number): Section => message.state[index] ?? NOTHING;
    const shots = advance(base?.shots, ticks);
    remove(shots, section(2));
    const players = advance(base?.players, ticks);
    remove(players, section(6));
    this.base = {
      tick: message.type === "full" ? message.tick : (base?.tick ?? 0) + ticks,
      players: ascending(merge(players, section(0), PLAYER_FIELDS.length)),
      shots: ascending(merge(shots, section(1), SHOT_FIELDS.length)),
      pads: ascending(merge(new Map(base?.pads), section(4), PAD_FIELDS.length)),
      match: patch(base?.match, section(5), MATCH_FIELDS.length),
      own: message.own.length === 0 ? (base?.own ?? []) : patchOwn(base, message.own),
      events: readEvents(section(3)),
      teams: ascending(merge(new Map(base?.teams), section(7), TEAM_FIELDS.length)),
      flags: ascending(merge(new Map(base?.flags), section(8), FLAG_FIELDS.length)),
      circle: patch(base?.circle, section(9), CIRCLE_FIELDS.length),
    };
    return this.base;
  }
}

/** Where everything would be if it went on as it was: the first four fields are x, y, vx, vy. */
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
