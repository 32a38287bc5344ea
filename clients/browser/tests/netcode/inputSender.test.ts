/** Two new ticks to a message after two old ones, always neighbours. */
import { describe, expect, it } from "vitest";

import { InputSender } from "../../src/netcode/inputSender";
import { Button, type MatchClientMessage } from "../../src/wire/generated";

const STEP = { buttons: 1, aim: 2 };

function recorder(): { sender: InputSender; sent: MatchClientMessage[] } {
  const sent: MatchClientMessage[] = [];
  return { sender: new InputSender((message) => sent.push(message)), sent };
}

describe("inputs on their way up", () => {
  it("go in pairs that follow each other, each after the pair before", () => {
    const { sender, sent } = recorder();
    for (const tick of [10, 11, 12, 13]) sender.put(tick, STEP, tick - 5.5);
    expect(sent).toEqual([
      { type: "inputs", firstTick: 10, viewLag: 44, steps: [STEP, STEP] },
      { type: "inputs", firstTick: 10, viewLag: 44, steps: [STEP, STEP, STEP, STEP] },
    ]);
  });

  it("never join two ticks with a gap between", () => {
    const { sender, sent } = recorder();
    for (const tick of [10, 50, 51]) sender.put(tick, STEP, 45);
    expect(sent).toMatchObject([
      { firstTick: 10, steps: [STEP] }, // lived before the jump, so it is told
      { firstTick: 50, steps: [STEP, STEP] },
    ]);
  });

  it("repeat nothing from before a jump in time", () => {
    const { sender, sent } = recorder();
    for (const tick of [10, 11, 30, 31]) sender.put(tick, STEP, 4);
    expect(sent).toMatchObject([{ firstTick: 10 }, { firstTick: 30, steps: [STEP, STEP] }]);
  });

  it("part from each other when a shot depends on how far behind each saw the others", () => {
    const { sender, sent } = recorder();
    const shot = { buttons: Button.FIRE, aim: 0 };
    for (const tick of [10, 11]) sender.put(tick, STEP, 5);
    for (const tick of [12, 13]) sender.put(tick, tick === 13 ? shot : STEP, 7);
    sender.put(14, STEP, 8);
    expect(sent.map((message) => (message.type === "inputs" ? message.viewLag : -1))).toEqual([40, 40, 48]);
    expect(sent[2]).toMatchObject({ firstTick: 11, steps: [STEP, STEP, shot, STEP] });
  });

  it.each([
    [200, 0],
    [-500, 240],
  ])("keep the lag within its limits with the others at %i", (tick, lag) => {
    const { sender, sent } = recorder();
    for (const own of [100, 101]) sender.put(own, STEP, tick);
    expect(sent).toMatchObject([{ viewLag: lag }]);
  });
});
