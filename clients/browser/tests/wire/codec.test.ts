/**
 * The browser's codec against the golden messages, and against what a careless caller might say.
 */
import { describe, expect, it } from "vitest";

import { hexOfBytes, bytesOfHex } from "../../src/net/hex";
import {
  DecodeError,
  decodeFromMatch,
  decodeMessage,
  encodeMessage,
  encodeToLobby,
  encodeToMatch,
  type AnyMessage,
} from "../../src/wire/codec";
import {
  LOBBY_CLIENT,
  LOBBY_SERVER,
  MATCH_CLIENT,
  MATCH_SERVER,
  type FieldRow,
  type MessageRow,
} from "../../src/wire/generated";
import { readVectors, type MessageVectors } from "../vectors";

const vectors = readVectors<MessageVectors>("messages");

function table(vector: { channel: string; sender: string }): readonly MessageRow[] {
  const isClient = vector.sender === "client";
  if (vector.channel === "lobby") return isClient ? LOBBY_CLIENT : LOBBY_SERVER;
  return isClient ? MATCH_CLIENT : MATCH_SERVER;
}

/** The vectors are positional, as the wire is; the browser's messages have names. */
function named(fields: readonly FieldRow[], cells: readonly unknown[]): Record<string, unknown> {
  return Object.fromEntries(fields.map((field, at) => [field.name, value(field, cells[at])]));
}

function value({ kind }: FieldRow, cell: unknown): unknown {
  if (kind.kind === "bytes") return bytesOfHex((cell as { hex: string }).hex);
  const isRows = kind.kind === "rows" || kind.kind === "packed";
  return isRows ? (cell as unknown[][]).map((row) => named(kind.fields, row)) : cell;
}

describe("the golden messages", () => {
  it("exist for every row of the table", () => {
    const count = [LOBBY_CLIENT, LOBBY_SERVER, MATCH_CLIENT, MATCH_SERVER].flat().length;
    const kinds = new Set(vectors.valid.map((one) => `${one.channel} ${one.sender} ${one.type}`));
    expect(kinds.size).toBe(count);
    expect(vectors.invalid.length).toBeGreaterThan(20);
  });

  it.each(vectors.valid)("$channel $sender $type reads and writes as in Python", (vector) => {
    const rows = table(vector);
    const row = rows.find((one) => one.type === vector.type);
    const message = { type: vector.type, ...named(row?.fields ?? [], vector.fields) };
    expect(decodeMessage(rows, bytesOfHex(vector.hex))).toEqual(message);
    expect(hexOfBytes(encodeMessage(rows, message))).toBe(vector.hex);
  });

  it.each(vectors.invalid)("refuses $hex", (vector) => {
    expect(() => decodeMessage(table(vector), bytesOfHex(vector.hex))).toThrow(DecodeError);
  });
});

describe("strictness", () => {
  it.each([
    ["a float that is a whole number", "831844fb401400000000000007"],
    ["a half float", "831844f9450007"],
    ["true for one", "831844f507"],
    ["null", "831844f607"],
    ["an integer in more bytes than it needs", "831844190005" + "07"],
    ["an array of unknown length", "9f18440507ff"],
    ["a tag", "831844c10507"],
    ["a big integer", "8318441bffffffffffffffff07"],
    ["bytes after the end", "83184405" + "0700"],
    ["nothing", ""],
    ["half a message", "831844"],
  ])("refuses %s", (_, hex) => {
    expect(() => decodeFromMatch(bytesOfHex(hex))).toThrow(DecodeError);
  });

  it("raises nothing but DecodeError, whatever single byte is changed", () => {
    for (const vector of vectors.valid) {
      const good = bytesOfHex(vector.hex);
      for (let at = 0; at < Math.min(good.length, 40); at += 1) {
        for (const flip of [1, 16, 64, 128, 255]) {
          const bad = Uint8Array.from(good, (byte, index) => (index === at ? byte ^ flip : byte));
          try {
            decodeMessage(table(vector), bad);
          } catch (error) {
            expect(error).toBeInstanceOf(DecodeError);
          }
        }
      }
    }
  });

  it("does not send codes that the server would refuse", () => {
    expect(() => encodeToLobby({ type: "join_room", code: "B".repeat(25) })).toThrow(DecodeError);
    expect(() => encodeToMatch({ type: "vote", option: 4 })).toThrow(DecodeError);
    expect(() => encodeToMatch({ type: "vote", option: 0.5 })).toThrow(DecodeError);
    const steps = Array.from({ length: 9 }, () => ({ buttons: 0, aim: 0 }));
    expect(() => encodeToMatch({ type: "inputs", firstTick: 1, viewLag: 0, steps })).toThrow(
      DecodeError,
    );
    expect(() => encodeMessage(MATCH_CLIENT, { type: "cheat" } as AnyMessage)).toThrow(DecodeError);
  });
});
