/** What the session's tests do not reach: bounds, and the place that is drawn. */
import { describe, expect, it } from "vitest";

import { InputHistory, COAST_TICKS } from "../../src/sim/inputHistory";
import { Prediction } from "../../src/sim/prediction";
import { Button, Phase } from "../../src/wire/generated";
import { fighter } from "./fighters";
import { HALL } from "./grounds";

const RIGHT = { buttons: Button.RIGHT, aim: 0 };

describe("prediction", () => {
  it("lives no hour again after an hour of sleep, forwards or from an old snapshot", () => {
    const prediction = new Prediction(HALL, 0, new InputHistory());
    prediction.reconcile(100, fighter(), Phase.PLAY);
    prediction.advance(216_100, RIGHT, Phase.PLAY);
    expect(prediction.tick).toBe(216_100);
    expect(prediction.self?.x).toBeLessThan(3_100); // one tick's way, not an hour's
    prediction.reconcile(102, fighter(), Phase.PLAY);
    expect(prediction.tick).toBe(102);
  });

  it("draws between two ticks, and the newest one in time", () => {
    const prediction = new Prediction(HALL, 0, new InputHistory());
    prediction.reconcile(100, fighter(), Phase.PLAY);
    for (let tick = 101; tick <= 110; tick += 1) prediction.advance(tick, RIGHT, Phase.PLAY);
    const newest = prediction.self?.x ?? 0;
    expect(prediction.placeAt(111).x).toBe(newest);
    expect(prediction.placeAt(110).x).toBe(newest - 111);
    expect(prediction.placeAt(110.5).x).toBe(newest - 55.5);
  });

  it("does not shoot or walk when dead", () => {
    const prediction = new Prediction(HALL, 0, new InputHistory());
    prediction.reconcile(100, fighter({ alive: false }), Phase.PLAY);
    expect(prediction.advance(101, { buttons: 63, aim: 0 }, Phase.PLAY)).toEqual([]);
    expect(prediction.self).toMatchObject({ x: 3_000, y: 6_700 });
  });

  it("holds its fire in the countdown", () => {
    const prediction = new Prediction(HALL, 0, new InputHistory());
    prediction.reconcile(100, fighter(), Phase.COUNTDOWN);
    expect(prediction.advance(101, { buttons: Button.FIRE, aim: 0 }, Phase.COUNTDOWN)).toEqual([]);
  });

  it("clicks once when empty, and goes on with the blaster", () => {
    const prediction = new Prediction(HALL, 0, new InputHistory());
    prediction.reconcile(100, fighter({ weapon: 3 }), Phase.PLAY);
    const kinds: (number | undefined)[] = [];
    for (let tick = 101; tick < 120; tick += 1) {
      const events = prediction.advance(tick, { buttons: Button.FIRE, aim: 0 }, Phase.PLAY);
      kinds.push(...events.map(([kind]) => kind));
    }
    expect(kinds).toEqual([14, 13]); // EMPTY, FIRE
    expect(prediction.self?.weapon).toBe(0);
  });
});

describe("the input history", () => {
  it("coasts as the server does: the last input, and after a while no keys", () => {
    const history = new InputHistory();
    history.put(10, { buttons: Button.UP, aim: 77 });
    expect(history.at(10 + COAST_TICKS - 1)).toEqual({ buttons: Button.UP, aim: 77 });
    expect(history.at(10 + COAST_TICKS)).toEqual({ buttons: 0, aim: 77 });
  });

  it("keeps what is still in force when it forgets, and no more than its bound", () => {
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
