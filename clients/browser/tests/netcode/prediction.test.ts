/** What the session's tests do not reach: bounds, and the place that is drawn. */
import { describe, expect, it } from "vitest";

import { InputHistory } from "../../src/netcode/inputHistory";
import { Prediction, type ServerState } from "../../src/netcode/prediction";
import { Predictor } from "../../src/netcode/predictor";
import { COAST_TICKS } from "../../src/netcode/tuning";
import type { Fighter } from "../../src/rules/weapons";
import { move } from "../../src/rules/movement";
import { Button, Phase, TUNING } from "../../src/wire/generated";
import { fighter } from "./fighters";
import { HALL } from "../rules/grounds";

const RIGHT = { buttons: Button.RIGHT, aim: 0 };
const FAR_UNITS = 3_000;

function state(tick: number, authoritative: Fighter, phase: number = Phase.PLAY): ServerState {
  return { tick, authoritative, phase, isForced: false, isRespawn: false };
}

/** A player who ran to the right for ten ticks since the last server state, and is drawn there. */
function runner(): Prediction {
  const prediction = new Prediction(new Predictor(HALL, 0));
  prediction.reconcile(state(100, fighter()));
  for (let tick = 101; tick <= 110; tick += 1) prediction.advance(tick, RIGHT, Phase.PLAY);
  prediction.positionAt(110.6);
  return prediction;
}

describe("prediction", () => {
  it("lives no hour again after an hour of sleep, forwards or from an old snapshot", () => {
    const prediction = new Prediction(new Predictor(HALL, 0));
    prediction.reconcile(state(100, fighter()));
    prediction.advance(216_100, RIGHT, Phase.PLAY);
    expect(prediction.tick).toBe(216_100);
    expect(prediction.self?.x).toBeLessThan(3_100); // one tick's way, not an hour's
    prediction.reconcile(state(102, fighter()));
    expect(prediction.tick).toBe(102);
  });

  it("draws between two ticks, and the newest one in time", () => {
    const prediction = new Prediction(new Predictor(HALL, 0));
    prediction.reconcile(state(100, fighter()));
    for (let tick = 101; tick <= 110; tick += 1) prediction.advance(tick, RIGHT, Phase.PLAY);
    const newest = prediction.self?.x ?? 0;
    expect(prediction.positionAt(111).x).toBe(newest);
    expect(prediction.positionAt(110).x).toBe(newest - 111);
    expect(prediction.positionAt(110.5).x).toBe(newest - 55.5);
  });

  it("does not shoot or walk when dead", () => {
    const prediction = new Prediction(new Predictor(HALL, 0));
    prediction.reconcile(state(100, fighter({ alive: false })));
    expect(prediction.advance(101, { buttons: 63, aim: 0 }, Phase.PLAY)).toEqual([]);
    expect(prediction.self).toMatchObject({ x: 3_000, y: 6_700 });
  });

  it("holds its fire in the countdown", () => {
    const prediction = new Prediction(new Predictor(HALL, 0));
    prediction.reconcile(state(100, fighter(), Phase.COUNTDOWN));
    expect(prediction.advance(101, { buttons: Button.FIRE, aim: 0 }, Phase.COUNTDOWN)).toEqual([]);
  });

  it("clicks once when empty, and goes on with the blaster", () => {
    const prediction = new Prediction(new Predictor(HALL, 0));
    prediction.reconcile(state(100, fighter({ weapon: 3 })));
    const kinds: (number | undefined)[] = [];
    for (let tick = 101; tick < 120; tick += 1) {
      const events = prediction.advance(tick, { buttons: Button.FIRE, aim: 0 }, Phase.PLAY);
      kinds.push(...events.map(({ event }) => event[0]));
    }
    expect(kinds).toEqual([14, 13]); // EMPTY, FIRE
    expect(prediction.self?.weapon).toBe(0);
  });
});

describe("a correction", () => {
  const pushed = fighter({ x: 3_250, y: 6_700 - 400, vx: 60, vy: -300 });

  it.each([
    ["a push", {}],
    ["a death", { alive: false, vx: 0, vy: 0 }],
  ])("by %s does not move what is drawn, and then blends without ever turning back", (_, part) => {
    const prediction = runner();
    const before = prediction.positionAt(110.6);
    prediction.reconcile({ ...state(104, { ...pushed, ...part }), isForced: true });
    expect(prediction.positionAt(110.6).x).toBeCloseTo(before.x, 6);
    expect(prediction.positionAt(110.6).y).toBeCloseTo(before.y, 6);
    const way = Array.from({ length: 60 }, () => {
      prediction.fade(1);
      return prediction.positionAt(110.6);
    });
    const end = way.at(-1);
    const { x, y } = prediction.self ?? { x: 0, y: 0 };
    expect(prediction.positionAt(111)).toEqual({ x, y }); // nothing is hidden any more
    const left = way.map(({ x, y }) => Math.hypot(x - (end?.x ?? 0), y - (end?.y ?? 0)));
    left.slice(1).forEach((units, index) => {
      expect(units).toBeLessThanOrEqual(left[index] ?? 0);
      expect((left[index] ?? 0) - units).toBeLessThan(TUNING.speedMax);
    });
  });

  it("is taken once: the same state and the one that follows from it change nothing", () => {
    const prediction = runner();
    prediction.reconcile({ ...state(104, pushed), isForced: true });
    const count = prediction.correctionCount;
    const next: Fighter = { ...pushed, ...RIGHT };
    move(next, HALL, 105);
    const places = [pushed, next].map((authoritative, index) => {
      expect(prediction.reconcile(state(104 + index, authoritative))).toBeNull();
      return prediction.positionAt(110.6);
    });
    expect(places[0]).toEqual(places[1]);
    expect([count, prediction.correctionCount, prediction.unforcedCount]).toEqual([1, 1, 0]);
  });

  it("is none, and moves nothing on the screen, when the clock jumps ahead", () => {
    const prediction = runner();
    const before = prediction.positionAt(110.6);
    prediction.advance(124, RIGHT, Phase.PLAY);
    expect(prediction.positionAt(124)).toEqual(before);
    for (let frame = 0; frame < 60; frame += 1) prediction.fade(1);
    expect(prediction.positionAt(125).x).toBe(prediction.self?.x);
    expect([prediction.correctionCount, prediction.unforcedCount]).toEqual([0, 0]);
  });

  it("counts as unforced if nothing acted on the player, even for the cooldown alone", () => {
    const prediction = runner();
    const predicted = runner();
    predicted.reconcile(state(104, fighter({ x: 15_000 })));
    expect([predicted.correctionCount, predicted.unforcedCount]).toEqual([0, 0]); // a teleport
    prediction.reconcile(state(104, fighter({ x: 3_100 })));
    expect([prediction.correctionCount, prediction.unforcedCount]).toEqual([1, 1]);
  });

  it("is no correction where another life began, however near", () => {
    const prediction = runner();
    const spawned = fighter({ x: 3_000 + FAR_UNITS / 2 });
    prediction.reconcile({ ...state(104, spawned), isForced: true, isRespawn: true });
    expect(prediction.correctionCount).toBe(0);
    const self = prediction.self;
    expect(prediction.positionAt(111)).toEqual({ x: self?.x, y: self?.y }); // not smeared
  });
});

describe("the input history", () => {
  it("coasts as the server does: the last input, and after a while no keys", () => {
    const history = new InputHistory();
    history.put(10, { buttons: Button.UP, aim: 77 });
    expect(history.at(10 + COAST_TICKS - 1)).toEqual({ buttons: Button.UP, aim: 77 });
    expect(history.at(10 + COAST_TICKS)).toEqual({ buttons: 0, aim: 77 });
  });

  it("keeps the input in force when it forgets, and no more than its bound", () => {
    const history = new InputHistory();
    history.put(10, RIGHT);
    history.put(11, RIGHT);
    history.forgetBefore(14);
    expect(history.size).toBe(1);
    expect(history.at(14)).toEqual(RIGHT);
    for (let tick = 20; tick < 2_000; tick += 1) history.put(tick, RIGHT);
    expect(history.size).toBeLessThanOrEqual(257);
  });
});
