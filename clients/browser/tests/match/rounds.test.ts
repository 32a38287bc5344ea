/** Rounds that follow each other, maps that are slow to come, and those who only watch. */
import { beforeEach, describe, expect, it } from "vitest";

import { ResumeStore } from "../../src/match/resumeStore";
import { MatchSession } from "../../src/match/session";
import { decodeMessage, encodeMessage } from "../../src/wire/codec";
import { MATCH_CLIENT, MATCH_SERVER } from "../../src/wire/generated";
import { FakeNetwork, FakeScheduler, FakeStorage } from "../fakes";
import { HALL } from "../rules/grounds";

const FRAME_MS = 1000 / 60;
const SEAT = { match: "m1", path: "match/m1", ticket: Uint8Array.of(1, 2, 3), watching: false };

let scheduler: FakeScheduler;
let network: FakeNetwork;
let storage: FakeStorage;

beforeEach(() => {
  scheduler = new FakeScheduler();
  network = new FakeNetwork();
  storage = new FakeStorage();
});

/** A session whose maps arrive when the test says so, and a way to start a round on one of them. */
function slowMaps(): {
  slow: MatchSession;
  arrive: (map: string) => Promise<void>;
  begin: (map: string) => void;
} {
  const waiting = new Map<string, () => void>();
  const slow = new MatchSession(SEAT, {
    ...{ openSocket: network.open, scheduler, resume: new ResumeStore(storage) },
    loadArena: (map) =>
      new Promise((resolve) => {
        waiting.set(map, () => {
          resolve({ ...HALL, name: map });
        });
      }),
    changed: () => undefined,
    received: () => undefined,
  });
  slow.connect();
  const begin = (map: string): void => {
    const welcome = {
      ...{ type: "welcome", slot: 0, tick: 1, match: "m1", mode: "duel", map, round: 1 },
      ...{ mapDigest: "", resume: new Uint8Array(), scoreLimit: 10, playersMax: 2, voteMaps: [] },
    };
    network.last.handlers.message(encodeMessage(MATCH_SERVER, welcome));
  };
  const arrive = async (map: string): Promise<void> => {
    waiting.get(map)?.();
    await Promise.resolve();
    await Promise.resolve();
  };
  return { slow, arrive, begin };
}

function full(tick: number, x: number): Uint8Array {
  const [state, sight] = [[[0, 1, 131]], [[0, 0b100011, x, 3_000, 1]]];
  return encodeMessage(MATCH_SERVER, { type: "full_snapshot", tick, margin: 0, own: [], state, sight });
}

describe("a map that is slow to come", () => {
  it("takes in the snapshots that came before it, and not into the round before", async () => {
    const { slow, arrive, begin: welcome } = slowMaps();
    welcome("first");
    await arrive("first");
    network.last.handlers.message(full(10, 3_000));
    welcome("second");
    network.last.handlers.message(full(4, 9_000));
    expect(slow.round?.arena.name).toBe("first");
    expect(slow.round?.view?.tick).toBe(10);
    await arrive("second");
    expect(slow.round?.arena.name).toBe("second");
    expect(slow.round?.view?.tick).toBe(4);
  });

  it("is not played on when another round has begun in the meantime", async () => {
    const { slow, arrive, begin: welcome } = slowMaps();
    welcome("first");
    welcome("second");
    network.last.handlers.message(full(4, 9_000));
    await arrive("second");
    await arrive("first");
    network.last.handlers.message(full(6, 9_000));
    expect(slow.round?.arena.name).toBe("second");
    await arrive("first");
    expect(slow.round?.arena.name).toBe("second");
  });
});

describe("a watcher", () => {
  it("sends no inputs, but lets the server hear that they are there", async () => {
    const watcher = new MatchSession(
      { ...SEAT, watching: true },
      {
        ...{ openSocket: network.open, scheduler, resume: new ResumeStore(storage) },
        ...{
          loadArena: () => Promise.resolve(HALL),
          changed: () => undefined,
          received: () => undefined,
        },
      },
    );
    watcher.connect();
    const welcome = {
      ...{
        type: "welcome",
        slot: -1,
        tick: 1,
        match: "m1",
        mode: "duel",
        map: "drawing",
        round: 1,
      },
      ...{ mapDigest: "", resume: new Uint8Array(), scoreLimit: 10, playersMax: 2, voteMaps: [] },
    };
    network.last.handlers.message(encodeMessage(MATCH_SERVER, welcome));
    await Promise.resolve();
    const [state, sight] = [[[5, 1, 131]], [[5, 0b100001, 700, 1]]];
    const message = { type: "full_snapshot", tick: 100, margin: 0, own: [], state, sight };
    network.last.handlers.message(encodeMessage(MATCH_SERVER, message));
    for (let count = 0; count < 90; count += 1) {
      scheduler.advance(FRAME_MS);
      watcher.advance(scheduler.nowMs(), () => ({ buttons: 0, aim: 0 }));
    }
    const types = network.last.sent.map((bytes) => decodeMessage(MATCH_CLIENT, bytes).type);
    expect(new Set(types)).toEqual(new Set(["ping"]));
    const frame = watcher.frame(scheduler.nowMs());
    expect(frame).toMatchObject({ self: null, follow: 5 });
    watcher.follow(1);
    expect(watcher.frame(scheduler.nowMs())?.follow).toBe(-1); // the whole map
  });
});
