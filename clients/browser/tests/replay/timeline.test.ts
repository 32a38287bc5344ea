import { describe, expect, it } from "vitest";
import {
  LEAD_IN_TICKS,
  lastKillTick,
  markText,
  marksOf,
  nextKillTick,
  shareOf,
  timeText,
  type Kill,
} from "../../src/replay/timeline";
import { seededDice } from "../fakes";

const kill = (tick: number, victim = 1, killer = 2): Kill => ({ tick, victim, killer });
const nameOf = (slot: number): string => ["Ada", "Basil", "Cleo"][slot] ?? "?";

describe("the bar of a replay", () => {
  it("has a mark for each kill, where there is room, and loses none where there is not", () => {
    const dice = seededDice(4);
    for (let run = 0; run < 50; run += 1) {
      const last = 600 + Math.floor(dice() * 30_000);
      const kills = Array.from({ length: Math.floor(dice() * 400) }, () =>
        kill(Math.floor(dice() * last)),
      ).sort((one, other) => one.tick - other.tick);
      const marks = marksOf(kills, 0, last);
      expect(marks.length).toBeLessThanOrEqual(121);
      expect(marks.flatMap((mark) => mark.kills)).toHaveLength(kills.length);
      for (const mark of marks) {
        expect(mark.share).toBeGreaterThanOrEqual(0);
        expect(mark.share).toBeLessThanOrEqual(1);
      }
    }
  });

  it("names killer and victim, where known", () => {
    const [mark] = marksOf([kill(120, 1, 2), kill(121, 0, -1)], 0, 36_000);
    if (mark === undefined) throw new Error("no mark");
    expect(markText(mark, 60, nameOf)).toBe("0:01: Cleo got Basil, Ada died");
  });

  it("tells the time from the first tick", () => {
    expect(timeText(60 + 125 * 60, 60)).toBe("2:05");
    expect(timeText(0, 60)).toBe("0:00");
  });

  it("keeps every place on the bar", () => {
    expect(shareOf(-5, 0, 100)).toBe(0);
    expect(shareOf(50, 0, 100)).toBe(0.5);
    expect(shareOf(500, 0, 100)).toBe(1);
    expect(shareOf(7, 7, 7)).toBe(0);
  });

  it("leads from kill to kill in both directions", () => {
    const kills = [kill(600), kill(1_200), kill(1_800)];
    let at = 0;
    const visited: number[] = [];
    for (let next = nextKillTick(kills, at); next !== null; next = nextKillTick(kills, at)) {
      visited.push(next);
      at = next;
    }
    expect(visited).toEqual(kills.map(({ tick }) => tick - LEAD_IN_TICKS));
    expect(lastKillTick(kills, at)).toBe(1_200 - LEAD_IN_TICKS);
    expect(lastKillTick(kills, 100)).toBeNull();
  });
});
