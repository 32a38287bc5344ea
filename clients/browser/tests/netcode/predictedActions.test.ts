/** Predicted actions are matched with the server's events, and shown once. */
import { describe, expect, it } from "vitest";

import { PredictedActions, type PredictedAction } from "../../src/netcode/predictedActions";
import { EventKind } from "../../src/wire/generated";
import { seededDice } from "../fakes";

const OWN = 3;
const FIRE = [EventKind.FIRE, OWN, 0];
const RAIL = [EventKind.RAIL, OWN, 1, 2, 3, 4];

function action(tick: number, event: readonly number[] = FIRE): PredictedAction {
  return { tick, event, x: 0, y: 0, aim: 0 };
}

describe("the server's events", () => {
  it("confirm the local player's actions in order, and everything else is news", () => {
    const actions = new PredictedActions(OWN);
    const [first] = [action(100), action(110)].map((one) => actions.add(one));
    const other = [EventKind.FIRE, 5, 0];
    const { confirmed, unpredicted } = actions.match(100, [other, FIRE, RAIL]);
    expect(confirmed).toEqual([first]);
    expect(unpredicted).toEqual([other, RAIL]);
  });

  it("tell weapons apart", () => {
    const actions = new PredictedActions(OWN);
    actions.add(action(100));
    const rocket = [EventKind.FIRE, OWN, 2];
    expect(actions.match(100, [rocket]).unpredicted).toEqual([rocket]);
  });

  it("do not confirm later actions", () => {
    const actions = new PredictedActions(OWN);
    actions.add(action(120));
    expect(actions.match(100, [FIRE]).unpredicted).toEqual([FIRE]);
  });
});

describe("a second life", () => {
  it("moves a slightly later action, and confirms it then", () => {
    const actions = new PredictedActions(OWN);
    const { number } = actions.add(action(100));
    const reconciled = actions.reconcile([action(104)]);
    expect(reconciled).toEqual({ moved: [{ ...action(104), number }], denied: [], made: [] });
    expect(actions.match(104, [FIRE]).unpredicted).toEqual([]);
  });

  it("denies actions that were not repeated, and distinguishes the nearest", () => {
    const actions = new PredictedActions(OWN);
    const [first, second] = [action(100), action(110)].map((one) => actions.add(one));
    const expected = { moved: [second], denied: [first], made: [] };
    expect(actions.reconcile([action(110)])).toMatchObject(expected);
  });

  it("performs new actions now", () => {
    const actions = new PredictedActions(OWN);
    expect(actions.reconcile([action(100)]).made).toHaveLength(1);
    expect(actions.match(100, [FIRE]).unpredicted).toEqual([]);
  });

  it("never takes an action for one of long before", () => {
    const actions = new PredictedActions(OWN);
    actions.add(action(100));
    const { made, denied } = actions.reconcile([action(140)]);
    expect([made.length, denied.length]).toEqual([1, 1]);
  });
});

it("remembers no more than it must, whatever happens", () => {
  const dice = seededDice(3);
  const actions = new PredictedActions(OWN);
  for (let tick = 0; tick < 5_000; tick += 1) actions.add(action(tick, dice() < 0.5 ? FIRE : RAIL));
  expect(actions.settle(10_000).length).toBeLessThanOrEqual(64);
});
