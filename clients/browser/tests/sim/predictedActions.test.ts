/** What oneself did is matched with the server's word, and shown once. */
import { describe, expect, it } from "vitest";

import { Deeds, type Deed } from "../../src/sim/predictedActions";
import { EventKind } from "../../src/wire/generated";
import { seededDice } from "../fakes";

const OWN = 3;
const FIRE = [EventKind.FIRE, OWN, 0];
const RAIL = [EventKind.RAIL, OWN, 1, 2, 3, 4];

function deed(tick: number, event: readonly number[] = FIRE): Deed {
  return { tick, event, x: 0, y: 0, aim: 0 };
}

describe("the server's events", () => {
  it("answer one's own deeds in order, and all else is news", () => {
    const deeds = new Deeds(OWN);
    const [first] = [deed(100), deed(110)].map((one) => deeds.foretell(one));
    const other = [EventKind.FIRE, 5, 0];
    const { confirmed, unheardOf } = deeds.hear(100, [other, FIRE, RAIL]);
    expect(confirmed).toEqual([first]);
    expect(unheardOf).toEqual([other, RAIL]);
  });

  it("tell weapons apart", () => {
    const deeds = new Deeds(OWN);
    deeds.foretell(deed(100));
    const rocket = [EventKind.FIRE, OWN, 2];
    expect(deeds.hear(100, [rocket]).unheardOf).toEqual([rocket]);
  });

  it("do not answer what was done after them", () => {
    const deeds = new Deeds(OWN);
    deeds.foretell(deed(120));
    expect(deeds.hear(100, [FIRE]).unheardOf).toEqual([FIRE]);
  });
});

describe("a second life", () => {
  it("moves what was done a little later, and answers it then", () => {
    const deeds = new Deeds(OWN);
    const { number } = deeds.foretell(deed(100));
    const amended = deeds.amend([deed(104)]);
    expect(amended).toEqual({ moved: [{ ...deed(104), number }], denied: [], made: [] });
    expect(deeds.hear(104, [FIRE]).unheardOf).toEqual([]);
  });

  it("denies what was not done again, and tells the nearest apart", () => {
    const deeds = new Deeds(OWN);
    const [first, second] = [deed(100), deed(110)].map((one) => deeds.foretell(one));
    expect(deeds.amend([deed(110)])).toMatchObject({ moved: [second], denied: [first], made: [] });
  });

  it("does now what was not done before", () => {
    const deeds = new Deeds(OWN);
    expect(deeds.amend([deed(100)]).made).toHaveLength(1);
    expect(deeds.hear(100, [FIRE]).unheardOf).toEqual([]);
  });

  it("never takes a deed for one of long before", () => {
    const deeds = new Deeds(OWN);
    deeds.foretell(deed(100));
    const { made, denied } = deeds.amend([deed(140)]);
    expect([made.length, denied.length]).toEqual([1, 1]);
  });
});

it("remembers no more than it must, whatever happens", () => {
  const dice = seededDice(3);
  const deeds = new Deeds(OWN);
  for (let tick = 0; tick < 5_000; tick += 1) deeds.foretell(deed(tick, dice() < 0.5 ? FIRE : RAIL));
  expect(deeds.settle(10_000).length).toBeLessThanOrEqual(64);
});
