/**
 * A whole match over a connection with delay: predictions equal the server's states.
 */
import { beforeEach, describe, expect, it } from "vitest";

import { ResumeStore } from "../../src/match/resumeStore";
import type { MatchSession } from "../../src/match/session";
import { decodeMessage } from "../../src/wire/codec";
import { Button, CloseCode, EventKind, MATCH_CLIENT, TUNING, VIEW_LAG_PER_TICK } from "../../src/wire/generated";
import type { GameEvent } from "../../src/model";
import { type FakeNetwork, type FakeScheduler, type FakeStorage, seededDice } from "../fakes";
import { FakeMatch, SLOT } from "./fakeMatch";
import { FRAME_MS, NEUTRAL, SEAT, MatchHarness, wild, type Play } from "./harness";

const TICKET_MS = 10_000; // lobby.ticket_s, unless somebody set another

let harness: MatchHarness;
let scheduler: FakeScheduler;
let network: FakeNetwork;
let storage: FakeStorage;
let session: MatchSession;

beforeEach(() => {
  harness = new MatchHarness();
  ({ scheduler, network, storage, session } = harness);
});

const begin = (delayMs: () => number): Promise<FakeMatch> => harness.begin(delayMs);
const play = (
  match: FakeMatch,
  frames: number,
  input: Play,
  frameMs = FRAME_MS,
): Promise<GameEvent[]> => harness.play(match, frames, input, frameMs);

describe("prediction over a steady road", () => {
  it.each([2, 20, 60, 150])("is never corrected at %i ms one way", async (delayMs) => {
    const match = await begin(() => delayMs);
    const before = session.corrections.total;
    const late = match.lateCount;
    await play(match, 1_200, wild(delayMs));
    expect(match.lateCount).toBe(late);
    expect(session.corrections.total).toBe(before);
    expect(match.fighter.x).not.toBe(3_000);
  });

  it("settles so that inputs come one or two ticks before their time", async () => {
    await begin(() => 45);
    expect(session.clock.marginTicks).toBeGreaterThan(0.5);
    expect(session.clock.marginTicks).toBeLessThan(2.5);
  });

  it("is rarely corrected on an unsteady connection, and always recovers", async () => {
    const dice = seededDice(5);
    const match = await begin(() => 30 + dice() * 25);
    const before = session.corrections.total;
    await play(match, 1_200, wild(8));
    expect(session.corrections.total - before).toBeLessThan(30); // of 600 snapshots
    await play(match, 120, NEUTRAL);
    const self = session.round?.prediction.self;
    expect([self?.x, self?.y]).toEqual([match.fighter.x, match.fighter.y]);
  });
});

describe("prediction with slow frames", () => {
  it.each([20, 12])("is never corrected at %i frames a second", async (framesPerSecond) => {
    const match = await begin(() => 40);
    const frameMs = 1_000 / framesPerSecond;
    await play(match, framesPerSecond * 8, NEUTRAL, frameMs);
    const before = session.corrections.total;
    const late = match.lateCount;
    await play(match, framesPerSecond * 20, wild(framesPerSecond), frameMs);
    expect(match.lateCount).toBe(late);
    expect(session.corrections.total).toBe(before);
  });

  it("still obeys at two frames a second", async () => {
    const match = await begin(() => 40);
    await play(match, 20, () => ({ buttons: Button.RIGHT, aim: 0 }), 500);
    expect(match.fighter.x).toBeGreaterThan(10_000);
  });
});

describe("facts that only the server knows", () => {
  it("is taken over, counted once, and faded in instead of jumped to", async () => {
    const match = await begin(() => 40);
    match.fighter.vx = 300; // a blast
    const before = session.corrections.total;
    const places: number[] = [];
    for (let count = 0; count < 60; count += 1) {
      await play(match, 1, NEUTRAL);
      places.push(session.frame(scheduler.nowMs())?.players[0]?.x ?? 0);
    }
    expect(session.corrections.total).toBe(before + 1);
    expect(places.at(-1)).toBeCloseTo(match.fighter.x, 0);
    const jumps = places.slice(1).map((x, index) => Math.abs(x - (places[index] ?? 0)));
    expect(Math.max(...jumps)).toBeLessThan(700);
  });

  it("is not smeared when it is a new life", async () => {
    const match = await begin(() => 40);
    match.fighter.alive = false;
    await play(match, 30, NEUTRAL);
    const before = session.corrections.total;
    Object.assign(match.fighter, { alive: true, x: 16_000, y: 7_000 });
    const seen = new Set<number>();
    for (let count = 0; count < 40; count += 1) {
      await play(match, 1, NEUTRAL);
      seen.add(session.frame(scheduler.nowMs())?.players[0]?.x ?? 0);
    }
    expect([...seen]).toEqual([3_000, 16_000]);
    expect(session.corrections.total).toBe(before);
  });
});

describe("own shots", () => {
  it("are seen at once, at any ping, and not again when the server confirms them", async () => {
    const match = await begin(() => 120);
    const fire: Play = () => ({ buttons: Button.FIRE, aim: 0 });
    const first = await play(match, 2, fire);
    expect(first.filter((event) => event.kind === EventKind.FIRE)).toHaveLength(1);
    const rest = await play(match, 118, fire);
    const calm = await play(match, 60, NEUTRAL);
    const fires = [...first, ...rest, ...calm].filter((event) => event.kind === EventKind.FIRE);
    expect(fires).toHaveLength(match.firedTicks.length);
    expect(fires.length).toBeGreaterThan(10);
    expect(fires.map((event) => event.tick)).toEqual(match.firedTicks);
  });

  it("fly as ghosts until the server has them", async () => {
    const match = await begin(() => 100);
    await play(match, 2, () => ({ buttons: Button.FIRE, aim: 0 }));
    const frame = session.frame(scheduler.nowMs());
    expect(frame?.shots).toHaveLength(1);
    expect(frame?.shots[0]).toMatchObject({
      owner: SLOT,
      weapon: 0,
      vx: TUNING.weapons[0].speed,
      vy: 0,
    });
  });

  it("use up ammunition before the server says so", async () => {
    const match = await begin(() => 100);
    const railgun = 4 << Button.SELECT_SHIFT;
    await play(match, 3, () => ({ buttons: railgun | Button.FIRE, aim: 0 }));
    expect(session.frame(scheduler.nowMs())?.self?.ammo).toEqual([-1, 6, 5, 4, 6]);
    expect(match.fighter.ammo[3]).toBe(5);
    await play(match, 40, NEUTRAL);
    expect(match.fighter.ammo[3]).toBe(4);
  });
});

describe("inputs", () => {
  it("go up two ticks at a time, thirty times a second, none twice and none left out", async () => {
    const match = await begin(() => 30);
    match.inputs.length = 0;
    await play(match, 600, wild(2));
    expect(match.inputs.length).toBeGreaterThan(290);
    expect(match.inputs.length).toBeLessThan(330);
    match.inputs.forEach((message, index) => {
      // The two of the message before come first; with a trigger pulled one may go alone.
      expect([3, 4]).toContain(message.steps.length);
      const next = match.inputs[index + 1];
      if (next !== undefined) expect(next.firstTick + 2).toBe(message.firstTick + message.steps.length);
    });
  });

  it("say how far behind the others are drawn", async () => {
    const match = await begin(() => 50);
    const lag = (match.inputs.at(-1)?.viewLag ?? 0) / VIEW_LAG_PER_TICK;
    const frame = session.frame(scheduler.nowMs());
    const drawn = session.clock.predictedTick - session.clock.interpolationTick(scheduler.nowMs());
    expect(frame).not.toBeNull();
    expect(Math.abs(lag - drawn)).toBeLessThanOrEqual(2);
    expect(lag).toBeGreaterThanOrEqual(9); // a round trip of 6 ticks, and 4 of delay
  });

  it("are not piled up on a road that is blocked", async () => {
    const match = await begin(() => 30);
    network.last.bufferedBytes = 100_000;
    const before = network.last.sent.length;
    await play(match, 120, NEUTRAL);
    expect(network.last.sent.length).toBe(before);
  });
});

describe("a page that slept", () => {
  it("returns to the present without replaying the time between", async () => {
    const match = await begin(() => 30);
    let asked = 0;
    const sleptMs = 20_000;
    scheduler.advance(sleptMs / 2);
    match.run(network.last);
    scheduler.advance(sleptMs / 2);
    match.run(network.last);
    session.advance(scheduler.nowMs(), () => {
      asked += 1;
      return { buttons: 0, aim: 0 };
    });
    expect(asked).toBeLessThan(20);
    await play(match, 300, NEUTRAL);
    const before = match.lateCount;
    await play(match, 120, wild(4));
    expect(match.lateCount).toBe(before);
  });
});

describe.each([true, false])("a machine that slept (its clock went on: %s)", (isCounted) => {
  it.each([1_500, 5_000, 14_000])("for %i ms goes on as if nothing had been", async (sleptMs) => {
    const match = await begin(() => 30);
    await play(match, 300, wild(3));
    await play(match, 60, NEUTRAL);
    const { corrections, ping } = { corrections: session.corrections.total, ping: pingMs() };
    const sentBefore = match.inputs.length;
    if (isCounted) scheduler.sleep(sleptMs);
    else match.passUncounted(sleptMs);
    match.run(network.last); // what the server said meanwhile comes at once
    await play(match, 60, NEUTRAL);
    expect(session.state.kind).toBe("online");
    expect(match.inputs.length - sentBefore).toBeLessThan(40); // a second of them is 30
    expect(session.corrections.total).toBe(corrections);
    expect(Math.abs(pingMs() - ping)).toBeLessThan(20);
    await play(match, 240, NEUTRAL);
    const late = match.lateCount;
    await play(match, 240, wild(4));
    expect(match.lateCount).toBe(late);
    expect(session.corrections.total).toBe(corrections);
  });

  const pingMs = (): number => session.frame(scheduler.nowMs())?.net.pingMs ?? 0;
});

describe("a connection that is cut before the welcome", () => {
  const tickets = (): unknown[] =>
    network.sockets.map(({ sent }) => {
      const join = decodeMessage(MATCH_CLIENT, sent[0] ?? new Uint8Array());
      return join["ticket"];
    });

  it("shows the same ticket again, with backoff, until it is welcome", async () => {
    session.connect();
    for (let attempt = 1; attempt <= 4; attempt += 1) {
      network.last.handlers.opened();
      network.last.handlers.closed(1006, "");
      expect(session.state).toMatchObject({ kind: "retrying", attempt });
      scheduler.advance(1_000);
    }
    const match = new FakeMatch(scheduler, network, () => 30);
    match.accept();
    await play(match, 60, NEUTRAL);
    expect(session.state.kind).toBe("online");
    expect(tickets()).toEqual(Array(5).fill(SEAT.ticket));
  });

  it("does not wait on a dead road for as long as the ticket lives", () => {
    session.connect();
    network.last.handlers.opened();
    scheduler.advance(TICKET_MS - 1_000);
    expect(network.sockets.length).toBeGreaterThan(1);
  });

  it("is over when the ticket is good no more", () => {
    session.connect();
    network.last.handlers.opened();
    network.last.handlers.closed(1006, "");
    scheduler.advance(1_000);
    network.last.handlers.opened();
    network.last.handlers.closed(CloseCode.TICKET, "this ticket has expired");
    expect(session.state).toMatchObject({ kind: "ended", code: CloseCode.TICKET });
    scheduler.advance(60_000);
    expect(network.sockets).toHaveLength(2);
  });
});

describe("a connection that drops", () => {
  it("joins again with the newest token, and plays on exactly", async () => {
    const match = await begin(() => 30);
    session.drop("test");
    expect(session.state.kind).toBe("retrying");
    const frame = session.frame(scheduler.nowMs()); // the last picture stays
    expect(frame?.connection.kind).toBe("retrying");
    scheduler.advance(200);
    expect(network.sockets).toHaveLength(2);
    match.accept(2);
    const join = decodeMessage(MATCH_CLIENT, network.last.sent[0] ?? new Uint8Array());
    expect(join).toMatchObject({ type: "join", ticket: Uint8Array.of(7, 1) });
    await play(match, 240, NEUTRAL);
    const before = session.corrections.total;
    await play(match, 300, wild(6));
    expect(session.corrections.total).toBe(before);
    expect(new ResumeStore(storage).load()?.ticket).toEqual(Uint8Array.of(7, 2));
  });

  it("sends nothing while it is down", async () => {
    const match = await begin(() => 30);
    session.drop("test");
    const sent = network.last.sent.length;
    await play(match, 3, NEUTRAL);
    expect(network.sockets[0]?.sent.length).toBe(sent);
  });

  it("starts from a full snapshot again when a message cannot be right", async () => {
    await begin(() => 30);
    network.last.handlers.message(Uint8Array.of(0xff));
    expect(session.state).toMatchObject({ kind: "retrying", attempt: 1 });
  });

  it("is over for good when the server says so, and the seat is forgotten", async () => {
    await begin(() => 30);
    expect(new ResumeStore(storage).load()).not.toBeNull();
    network.last.handlers.closed(4008, "");
    expect(session.state).toEqual({ kind: "ended", code: 4008, reason: "The match is over.", way: "play" });
    expect(new ResumeStore(storage).load()).toBeNull();
  });
});

describe("another round", () => {
  it("keeps the old picture until the new one is complete", async () => {
    const match = await begin(() => 30);
    const old = session.round;
    match.accept(2);
    scheduler.advance(31);
    expect(session.round).toBe(old);
    await play(match, 30, NEUTRAL);
    expect(session.round).not.toBe(old);
    expect(session.round?.welcome.round).toBe(2);
  });
});
