// @vitest-environment happy-dom
/** The large words: one at a time, the weightiest first. */
import { expect, it } from "vitest";

import { Banner } from "../../src/hud/banner";
import { EventKind, Phase } from "../../src/lexicon";
import type { Frame } from "../../src/model";
import { isolated } from "../../src/names";
import { NO_WEAPON } from "../../src/wire/generated";
import { player, self, shownText, view } from "./frames";

const BO = isolated("Bo");

function event(kind: number, fields: Record<string, number>): Frame["events"][number] {
  return { kind, tick: 1, fields };
}

function words(...frames: Partial<Frame>[]): string {
  const banner = new Banner();
  for (const values of frames) banner.draw(view(values));
  return shownText(banner.root);
}

it.each<[string, Partial<Frame>, string]>([
  ["warm-up", { phase: Phase.WARMUP, playersMin: 4 }, "Warm-up Waiting for 2 more players"],
  ["the last who is missing", { phase: Phase.WARMUP, playersMin: 3 }, "Warm-up Waiting for 1 more player"],
  ["enough people", { phase: Phase.WARMUP }, "Warm-up Starting soon"],
  ["the countdown", { phase: Phase.COUNTDOWN, tick: 0, phaseEndTick: 121 }, "3 Get ready"],
  ["play", {}, ""],
  ["the table", { phase: Phase.SCOREBOARD }, ""],
  ["a spectator", { self: null, follow: 1 }, `Watching ${BO}`],
  ["a spectator of everything", { self: null, follow: -1 }, "Watching the whole arena"],
])("of %s it says what there is to say", (_, values, told) => {
  expect(words(values)).toBe(told);
});

it("names the killer and counts down to the return", () => {
  const dead = { players: [player(0, { alive: false }), player(1)], self: self({ respawnTick: 690 }) };
  const kill = event(EventKind.KILL, { victim: 0, killer: 1, weapon: 3, streak: 1 });
  expect(words({ ...dead, events: [kill] })).toBe(`Fragged by ${BO} Back in 1.5 s`);
  const burnt = event(EventKind.KILL, { victim: 0, killer: -1, weapon: NO_WEAPON, streak: 0 });
  expect(words({ ...dead, events: [burnt] })).toBe("Fragged by the circle Back in 1.5 s");
});

it("praises a streak, and for a moment only", () => {
  const kill = event(EventKind.KILL, { victim: 1, killer: 0, weapon: 3, streak: 3 });
  expect(words({ nowMs: 0, events: [kill] })).toBe(`You fragged ${BO} 3 in a row`);
  expect(words({ nowMs: 0, events: [kill] }, { nowMs: 1_801 })).toBe("");
});

it("is silent while the connection is down", () => {
  const connection = { kind: "retrying", attempt: 1, inMs: 500, reason: "" } as const;
  expect(words({ phase: Phase.WARMUP, connection })).toBe("");
});
