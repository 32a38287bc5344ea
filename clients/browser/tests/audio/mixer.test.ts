/**
 * Sounds fade with distance, lie on the side they come from, and never hurt where there is no
 * audio.
 */
import { describe, expect, it } from "vitest";

import { CENTRE, Mixer, placementOf } from "../../src/audio/mixer";
import { EXPLOSION } from "../../src/audio/recipes";

describe("the place of a sound", () => {
  it("is loudest at the listener and silent far away", () => {
    expect(placementOf(0, 0)).toEqual({ gain: 1, pan: 0 });
    expect(placementOf(0, 26).gain).toBe(0);
    expect(placementOf(200, 200).gain).toBe(0);
  });

  it("only gets quieter with distance", () => {
    const gains = Array.from({ length: 60 }, (_, half) => placementOf(0, half / 2).gain);
    expect(gains).toEqual([...gains].sort((a, b) => b - a));
    expect(new Set(gains).size).toBeGreaterThan(40);
  });

  it("is on the side it comes from, within the two ears", () => {
    for (let right = -100; right <= 100; right += 1) {
      const { pan } = placementOf(right, 3);
      expect(Math.sign(pan)).toBe(Math.sign(right));
      expect(Math.abs(pan)).toBeLessThanOrEqual(1);
    }
  });
});

describe("without audio", () => {
  it("everything is silent and nothing is thrown", () => {
    // Node has no AudioContext, as a browser without a sound card may have none.
    const mixer = new Mixer();
    mixer.play(EXPLOSION);
    mixer.setVolume(0.5);
    mixer.unlock();
    mixer.unlock();
    mixer.play(EXPLOSION, CENTRE);
    mixer.setVolume(0);
  });
});
