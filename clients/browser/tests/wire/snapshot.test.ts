/** The browser's snapshot reader against the sequences that the server's writer made. */
import { describe, expect, it } from "vitest";

import { bytesOfHex } from "../../src/net/hex";
import { DecodeError, decodeFromMatch } from "../../src/wire/codec";
import {
  BODY_FIELDS,
  CARD_FIELDS,
  type MatchServerFullSnapshot,
  type MatchServerDeltaSnapshot,
} from "../../src/wire/generated";
import { SnapshotReader, type View } from "../../src/wire/snapshot";
import { readVectors, type SnapshotVectors, type ViewVector } from "../vectors";

const { sequences } = readVectors<SnapshotVectors>("snapshots");

function snapshot(hex: string): MatchServerFullSnapshot | MatchServerDeltaSnapshot {
  const message = decodeFromMatch(bytesOfHex(hex));
  if (message.type !== "full_snapshot" && message.type !== "delta_snapshot") throw new Error(message.type);
  return message;
}

function plain(view: View): ViewVector {
  const rows = (records: View["cards"]): number[][] =>
    [...records].map(([key, record]) => [key, ...record]);
  return {
    tick: view.tick,
    cards: rows(view.cards),
    bodies: rows(view.bodies),
    shots: rows(view.shots),
    pads: rows(view.pads),
    match: [...view.match],
    own: [...view.own],
    events: view.events.map((event) => [...event]),
    teams: rows(view.teams),
    flags: rows(view.flags),
    circle: [...view.circle],
  };
}

function full(part: Partial<MatchServerFullSnapshot>): MatchServerFullSnapshot {
  return { type: "full_snapshot", tick: 10, margin: 0, own: [], state: [], sight: [], ...part };
}

describe("the golden snapshots", () => {
  it.each(sequences)("$name for slot $slot gives the server's views", ({ messages }) => {
    const reader = new SnapshotReader();
    for (const { hex, view } of messages) expect(plain(reader.apply(snapshot(hex)))).toEqual(view);
  });
});

describe("the reader", () => {
  it("moves unmentioned entities by their own velocity", () => {
    const reader = new SnapshotReader();
    reader.apply(full({ state: [[7, 0]], sight: [[7, 0b1111, 100, 200, 5, -3]] }));
    const view = reader.apply({ type: "delta_snapshot", ticks: 4, margin: 0, own: [], state: [], sight: [] });
    expect(view.bodies.get(7)?.slice(0, 4)).toEqual([120, 188, 5, -3]);
    expect(view.tick).toBe(14);
  });

  it("does not change a view that was handed out before", () => {
    const reader = new SnapshotReader();
    const before = reader.apply(full({ state: [[7, 0]], sight: [[7, 0b1111, 100, 200, 5, -3]] }));
    reader.apply({ type: "delta_snapshot", ticks: 2, margin: 0, own: [], state: [], sight: [[7, 1, 50]] });
    expect(before.bodies.get(7)?.[0]).toBe(100);
  });

  it.each([
    [
      "a delta before any full one",
      [{ type: "delta_snapshot", ticks: 2, margin: 0, own: [], state: [], sight: [] }],
    ],
    ["a card's mask with bits for no field", [full({ state: [[1, 2 ** CARD_FIELDS.length]] })]],
    ["a body's mask with bits for no field", [full({ sight: [[1, 2 ** BODY_FIELDS.length]] })]],
    ["a group cut short", [full({ state: [[1, 0b11, 5]] })]],
    ["a negative slot", [full({ state: [[-1, 1, 5]] })]],
    ["a shot gone that never was", [full({ sight: [[], [], [], [5]] })]],
    ["a player gone that never was", [full({ state: [[], [], [5]] })]],
    ["a pad unseen that never was", [full({ sight: [[], [], [], [], [], [], [5]] })]],
    ["a body hidden that never was", [full({ sight: [[], [], [], [], [5]] })]],
    ["a body without a player", [full({ sight: [[5, 0]] })]],
    ["an event longer than its section", [full({ sight: [[], [], [9, 1]] })]],
    ["an event of no length", [full({ sight: [[], [], [0]] })]],
    ["an event with a field too few", [full({ sight: [[], [], [2, 13, 1]] })]],
    ["more sections than there are", [full({ state: new Array<number[]>(7).fill([]) })]],
    ["more seen than can be", [full({ sight: new Array<number[]>(8).fill([]) })]],
    ["an own part longer than its mask", [full({ own: [1, 5, 6] })]],
  ] as const)("refuses %s", (_, messages) => {
    const reader = new SnapshotReader();
    expect(() => {
      for (const message of messages) reader.apply(message);
    }).toThrow(DecodeError);
  });
});
