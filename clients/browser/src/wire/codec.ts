/**
 * Messages ↔ bytes, strictly by the generated table.
 *
 * Owns: the check of every field's type, range and size, in both directions. Must not know:
 * sockets, or what a message does. Invariant: a decoder returns exactly what the table allows or
 * raises `DecodeError`.
 */
import { DecodeError, dumps, loads, type Value } from "./cbor";
import {
  LOBBY_CLIENT,
  LOBBY_SERVER,
  MATCH_CLIENT,
  MATCH_SERVER,
  type FieldRow,
  type Kind,
  type LobbyClientMessage,
  type LobbyServerMessage,
  type MatchClientMessage,
  type MatchServerMessage,
  type MessageRow,
} from "./generated";

export { DecodeError } from "./cbor";

/** A message of any side: its type, and its fields by name. */
export type AnyMessage = { readonly type: string } & Readonly<Record<string, unknown>>;

export function decodeFromLobby(bytes: Uint8Array): LobbyServerMessage {
  // The table made the type.
  return decodeMessage(LOBBY_SERVER, bytes) as unknown as LobbyServerMessage;
}

export function decodeFromMatch(bytes: Uint8Array): MatchServerMessage {
  return decodeMessage(MATCH_SERVER, bytes) as unknown as MatchServerMessage;
}

export function encodeToLobby(message: LobbyClientMessage): Uint8Array {
  return encodeMessage(LOBBY_CLIENT, { ...message });
}

export function encodeToMatch(message: MatchClientMessage): Uint8Array {
  return encodeMessage(MATCH_CLIENT, { ...message });
}

/** A message of one side of the table. Raises `DecodeError`, and only that. */
export function decodeMessage(rows: readonly MessageRow[], bytes: Uint8Array): AnyMessage {
  const value = loads(bytes);
  if (!Array.isArray(value)) throw new DecodeError("a message is an array");
  const row = rows.find((one) => one.number === value[0]);
  if (row === undefined) throw new DecodeError(`there is no message ${String(value[0])}`);
  const fields = readFields(row.type, row.fields, value.slice(1));
  return { type: row.type, ...fields };
}

/**
 * The bytes of a message of one side of the table. Raises `DecodeError` for what the other side
 * would refuse.
 */
export function encodeMessage(rows: readonly MessageRow[], message: AnyMessage): Uint8Array {
  const row = rows.find((one) => one.type === message.type);
  if (row === undefined) throw new DecodeError(`there is no message ${message.type}`);
  return dumps([
    row.number,
    ...row.fields.map((field) => write(row.type, field, message[field.name])),
  ]);
}

function readFields(
  where: string,
  fields: readonly FieldRow[],
  cells: readonly Value[],
): Record<string, unknown> {
  if (cells.length !== fields.length) {
    throw new DecodeError(`${where} has ${cells.length.toString()} fields`);
  }
  const read: Record<string, unknown> = {};
  fields.forEach((field, index) => {
    read[field.name] = readOne(`${where}.${field.name}`, field.kind, cells[index]);
  });
  return read;
}

function readOne(where: string, kind: Kind, value: Value | undefined): unknown {
  switch (kind.kind) {
    case "int":
    case "text":
    case "bytes":
      return checkScalar(where, kind, value);
    case "rows":
      return limited(where, value, kind.most).map((row) =>
        readFields(where, kind.fields, list(where, row)),
      );
    case "packed":
      return readPacked(where, kind, value);
    case "integers":
      return integers(where, value);
    case "sections":
      return list(where, value).map((section) => integers(where, section));
  }
}

type ScalarKind = Extract<Kind, { kind: "int" | "text" | "bytes" }>;
type PackedKind = Extract<Kind, { kind: "packed" }>;

function checkScalar(
  where: string,
  kind: ScalarKind,
  value: unknown,
): number | string | Uint8Array {
  if (kind.kind === "int") {
    if (isInteger(value) && value >= kind.low && value <= kind.high) return value;
  } else if (kind.kind === "text") {
    // Python counts code points; a lone surrogate has no encoding at all.
    if (typeof value === "string" && [...value].length <= kind.most && value.isWellFormed())
      return value;
  } else if (
    value instanceof Uint8Array &&
    value.length >= kind.least &&
    value.length <= kind.most
  ) {
    return value;
  }
  throw new DecodeError(`${where} is not what the table allows`);
}

function readPacked(where: string, kind: PackedKind, value: unknown): Record<string, unknown>[] {
  const groupBytes = 2 * kind.fields.length;
  if (!(value instanceof Uint8Array)) throw new DecodeError(`${where} is not a byte string`);
  const count = value.length / groupBytes;
  if (!Number.isInteger(count) || count < kind.least || count > kind.most) {
    throw new DecodeError(`${where} has ${value.length.toString()} bytes`);
  }
  const view = new DataView(value.buffer, value.byteOffset, value.length);
  return Array.from({ length: count }, (_, group) => {
    const cells = kind.fields.map((_, at) => view.getUint16(group * groupBytes + 2 * at));
    return readFields(where, kind.fields, cells);
  });
}

/** Two bytes for each field, one group behind the other. */
function writePacked(where: string, kind: PackedKind, value: unknown): Uint8Array {
  const cells = records(where, value, kind.least, kind.most).flatMap((group) =>
    kind.fields.map((cell) => write(where, cell, group[cell.name]) as number),
  );
  const packed = new DataView(new ArrayBuffer(2 * cells.length));
  cells.forEach((cell, at) => {
    packed.setUint16(2 * at, cell);
  });
  return new Uint8Array(packed.buffer);
}

function integers(where: string, value: Value | undefined): number[] {
  const cells = list(where, value);
  if (cells.every(isInteger)) return cells;
  throw new DecodeError(`${where} holds something that is not an integer`);
}

function list(where: string, value: Value | undefined): Value[] {
  if (Array.isArray(value)) return value;
  throw new DecodeError(`${where} is not an array`);
}

function limited(where: string, value: Value | undefined, most: number): Value[] {
  const rows = list(where, value);
  if (rows.length <= most) return rows;
  throw new DecodeError(`${where} has ${rows.length.toString()} rows, allowed ${most.toString()}`);
}

function write(type: string, field: FieldRow, value: unknown): Value {
  const where = `${type}.${field.name}`;
  const kind = field.kind;
  switch (kind.kind) {
    case "int":
    case "text":
    case "bytes":
      return checkScalar(where, kind, value);
    case "rows":
      return records(where, value, 0, kind.most).map((row) =>
        kind.fields.map((cell) => write(where, cell, row[cell.name])),
      );
    case "packed":
      return writePacked(where, kind, value);
    case "integers":
      return integers(where, value as Value);
    case "sections":
      return list(where, value as Value).map((section) => integers(where, section));
  }
}

function records(
  where: string,
  value: unknown,
  least: number,
  most: number,
): Record<string, unknown>[] {
  if (Array.isArray(value) && value.length >= least && value.length <= most) {
    return value as Record<string, unknown>[];
  }
  throw new DecodeError(`${where} is not ${least.toString()} to ${most.toString()} rows`);
}

function isInteger(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value);
}
