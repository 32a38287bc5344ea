import { describe, expect, it } from "vitest";
import { SPEEDS, speedText, steppedSpeed, wishOfKey } from "../../src/replay/replayKeys";

describe("the keys of a replay", () => {
  it("are those of other players of films", () => {
    expect(wishOfKey("Space", false)).toEqual({ kind: "toggle" });
    expect(wishOfKey("ArrowLeft", false)).toEqual({ kind: "skip", ticks: -300 });
    expect(wishOfKey("Escape", false)).toEqual({ kind: "close" });
  });

  it("leave the browser its own", () => {
    expect(wishOfKey("KeyF", true)).toBeNull();
    expect(wishOfKey("F5", false)).toBeNull();
  });
});

describe("the speeds", () => {
  it("go from a quarter to eight times, and no further", () => {
    const up: number[] = [25];
    for (let count = 0; count < 7; count += 1) up.push(steppedSpeed(up.at(-1) ?? 0, 1));
    expect(new Set(up)).toEqual(new Set(SPEEDS));
    expect(steppedSpeed(25, -1)).toBe(25);
    expect(SPEEDS.map(speedText)).toEqual(["¼×", "½×", "1×", "2×", "4×", "8×"]);
  });
});
