/** The browser's netcode over the golden networks: frame by frame what Python makes of them. */
import { describe, expect, it } from "vitest";

import { Clock } from "../../src/netcode/clock";
import { InputSender } from "../../src/netcode/inputSender";
import { Round } from "../../src/netcode/round";
import type { MatchClientInputs, MatchServerWelcome } from "../../src/wire/generated";
import type { View } from "../../src/wire/snapshot";
import { arenaOf } from "../rules/grounds";
import { readVectors, type NetcodeFrame, type NetcodeVectors, type ViewVector } from "../vectors";

const { plan, scenes } = readVectors<NetcodeVectors>("netcode");
const SLOT = 0;
const OTHERS = [1, 2];
const FRAME_TICKS = 1;

type Scene = NetcodeVectors["scenes"][number];

class Player {
  private readonly clock: Clock;
  private readonly round = new Round({ slot: SLOT } as MatchServerWelcome, arenaOf(plan));
  private sent: number[][] = [];
  private readonly sender = new InputSender((message) => {
    const { firstTick, viewLag, steps } = message as MatchClientInputs;
    this.sent.push([firstTick, viewLag, ...steps.flatMap(({ buttons, aim }) => [buttons, aim])]);
  });

  constructor({ round_trip_s }: Scene) {
    this.clock = new Clock(round_trip_s * 1_000);
  }

  hear(nowMs: number, margin: number, view: View): void {
    this.clock.snapshot(view.tick, margin, nowMs);
    this.round.ingest(view);
  }

  /** A frame in the order of the vectors. */
  show(nowMs: number, wishes: readonly number[][]): unknown[] {
    const { clock, round } = this;
    const steps = clock.advance(nowMs);
    const newest = Math.floor(clock.predictedTick);
    const othersTick = clock.interpolationTick(nowMs);
    const inputs = new Map(wishes.map(([tick = 0, buttons = 0, aim = 0]) => [tick, { buttons, aim }]));
    for (let tick = newest - steps + 1; tick <= newest; tick += 1) {
      const input = inputs.get(tick);
      if (tick < this.sender.nextTick || input === undefined) continue;
      round.simulate(tick, input);
      this.sender.put(tick, input, othersTick);
    }
    const ticks = [clock.predictedTick, othersTick, clock.marginTargetTicks];
    round.prediction.fade(FRAME_TICKS);
    const { x, y } = round.prediction.positionAt(clock.predictedTick);
    const shots = round.shotsAt(clock, nowMs);
    const events = round.takeEvents(clock, nowMs).map(({ kind, tick }) => [kind, tick]);
    const { correctionCount, unforcedCount } = round.prediction;
    const others = OTHERS.map((slot) => this.seen(slot, othersTick));
    const counts = [correctionCount, unforcedCount, clock.resyncCount];
    const sent = this.sent;
    this.sent = [];
    const drawn = shots.map((shot) => [shot.number, shot.x, shot.y, shot.opacity]);
    return [nowMs / 1_000, wishes, ticks, [x, y], others, drawn, events, counts, sent];
  }

  private seen(slot: number, tick: number): number[] {
    const { interpolation } = this.round;
    const pose = interpolation.drawnAt(slot, tick);
    const place = pose === null ? [] : [pose.x, pose.y, pose.aim];
    return [slot, ...place, interpolation.appeared(slot) ? 1 : 0];
  }
}

function viewOf(vector: ViewVector): View {
  const records = (rows: number[][]) => new Map(rows.map(([key = 0, ...record]) => [key, record]));
  const { cards, bodies, shots, pads, teams, flags, ...rest } = vector;
  return {
    ...rest,
    ...{ cards: records(cards), bodies: records(bodies), shots: records(shots) },
    ...{ pads: records(pads), teams: records(teams), flags: records(flags) },
  };
}

/** Numbers up to the rounding of the vectors, everything else exactly. */
function expectClose(shown: unknown, golden: unknown, where: string): void {
  if (typeof golden === "number") {
    expect(Math.abs((shown as number) - golden), `${where}: ${String(shown)} for ${golden}`).toBeLessThan(0.002);
    return;
  }
  const [ours, theirs] = [shown as unknown[], golden as unknown[]];
  expect(ours.length, where).toBe(theirs.length);
  theirs.forEach((item, index) => expectClose(ours[index], item, `${where}.${index}`));
}

const frames = scenes.flatMap(({ steps }) => steps.filter((step) => step.length > 3) as NetcodeFrame[]);

describe("the golden networks", () => {
  it.each(scenes)("$name", (scene) => {
    const player = new Player(scene);
    scene.steps.forEach((step, index) => {
      if (step.length === 3) player.hear(step[0] * 1_000, step[1], viewOf(step[2]));
      else expectClose(player.show(step[0] * 1_000, step[1]), step, `step ${index}`);
    });
  });

  it.each<[string, (frame: NetcodeFrame) => boolean]>([
    ["a predicted shot", (frame) => frame[5].some(([number = 0]) => number < 0)],
    ["a shot that fades", (frame) => frame[5].some(([, , , opacity = 1]) => opacity < 1)],
    ["a correction", (frame) => (frame[7][0] ?? 0) > 0],
    ["a jump of the clock", (frame) => (frame[7][2] ?? 0) > 0],
    ["a player out of sight", (frame) => frame[4].some((seen) => seen.length === 2)],
  ])("have %s in them", (_, has) => {
    expect(frames.filter(has).length).toBeGreaterThan(3);
  });
});
