/** The browser's trigger against Python's, bit for bit. */
import { describe, expect, it } from "vitest";

import { move } from "../../src/rules/movement";
import { pullTrigger, shotVelocity, type Fighter } from "../../src/rules/weapons";
import { EventKind } from "../../src/wire/generated";
import { readVectors, type MovementVectors, type TriggerVectors } from "../vectors";
import { fighter } from "../netcode/fighters";
import { arenaOf } from "./grounds";

const probe = arenaOf(readVectors<MovementVectors>("movement").plan);
const { lives } = readVectors<TriggerVectors>("trigger");
const SLOT = 0;

type Life = TriggerVectors["lives"][number];

/** What happened in each tick of a life, by our rules, in the order of the vectors. */
function* lived({ x, y, ammo, phase, steps }: Life): Generator<unknown[]> {
  const self: Fighter = fighter({ x, y, ammo: [...ammo], protectedUntilTick: steps.length });
  for (const [index, [buttons, aim]] of steps.entries()) {
    Object.assign(self, { buttons, aim });
    move(self, probe, index + 1);
    const event = pullTrigger(self, probe, SLOT, index + 1, phase);
    const flies = event?.[0] === EventKind.FIRE;
    const { vx, vy } = shotVelocity(event?.[2] ?? 0, aim);
    yield [
      ...[buttons, aim, self.x, self.y, self.weapon, [...self.ammo]],
      ...[self.fireReadyTick, self.protectedUntilTick],
      ...[event === null ? [] : [event], flies ? [vx, vy] : []],
    ];
  }
}

describe("the trigger", () => {
  it("lives every golden life as Python did: weapon, ammunition, cooldown and what leaves", () => {
    for (const [number, life] of lives.entries()) {
      for (const [index, came] of [...lived(life)].entries()) {
        expect([number, index + 1, ...came]).toEqual([number, index + 1, ...(life.steps[index] ?? [])]);
      }
    }
  });

  it.each(Object.entries(EventKind).filter(([name]) => /^(FIRE|RAIL|SCATTER|EMPTY)$/.test(name)))(
    "is tried with a %s in them",
    (_, kind) => {
      const steps = lives.flatMap((life) => life.steps);
      expect(steps.filter(([...fields]) => fields[8].some(([one]) => one === kind)).length).toBeGreaterThan(3);
    },
  );
});
