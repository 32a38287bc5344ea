/** Every sound ends, and is loud enough to hear and not loud enough to hurt. */
import { describe, expect, it } from "vitest";

import * as recipes from "../../src/audio/recipes";
import { Synth, type Recipe } from "../../src/audio/synth";
import { WEAPONS } from "../../src/lexicon";

/**
 * As much of an AudioContext as the synthesiser touches; counts what was started and when it stops.
 */
class FakeContext {
  readonly sampleRate = 100;
  started = 0;
  readonly stopsS: number[] = [];

  private parameter(): object {
    const ramp = (value: number): void => {
      expect(value).toBeGreaterThan(0); // an exponential ramp to zero throws in a browser
    };
    return { value: 0, setValueAtTime: ramp, exponentialRampToValueAtTime: ramp };
  }

  private node(): object {
    const node = {
      gain: this.parameter(),
      frequency: this.parameter(),
      Q: this.parameter(),
      connect: (next: object) => next,
      start: () => (this.started += 1),
      stop: (atS: number) => this.stopsS.push(atS),
    };
    return node;
  }

  createBuffer = (_: number, length: number): object => ({
    getChannelData: () => new Float32Array(length),
  });
  createGain = (): object => this.node();
  createOscillator = (): object => this.node();
  createBufferSource = (): object => this.node();
  createBiquadFilter = (): object => this.node();
}

type Named = [string, Recipe];
const NAMED = Object.entries(recipes).flatMap(([name, value]): Named[] => {
  if (name === "WEAPON_RECIPES" || name === "PICKUP_RECIPES") {
    return Object.entries(value as Record<string, Recipe>).map(
      ([key, recipe]) => [`${name} ${key}`, recipe],
    );
  }
  return typeof value === "object" ? [[name, value as Recipe]] : [];
});

describe.each(NAMED)("%s", (_, recipe) => {
  it("starts, and stops within a second and a half", () => {
    const context = new FakeContext();
    const synth = new Synth(context as unknown as BaseAudioContext);
    const endS = synth.play(recipe, {} as AudioNode, 10, 1);
    expect(context.started).toBeGreaterThan(0);
    expect(context.stopsS).toHaveLength(context.started);
    expect(endS).toBe(Math.max(...context.stopsS));
    expect(endS).toBeGreaterThan(10);
    expect(endS).toBeLessThanOrEqual(11.5);
  });

  it("is between a whisper and full scale", () => {
    const gains = [...(recipe.tones ?? []), ...(recipe.hisses ?? [])].map((part) => part.gain);
    expect(Math.max(...gains)).toBeGreaterThan(0.05);
    expect(Math.max(...gains)).toBeLessThanOrEqual(1);
  });
});

it("every weapon sounds like itself", () => {
  expect(recipes.WEAPON_RECIPES).toHaveLength(WEAPONS.length);
  expect(
    new Set(recipes.WEAPON_RECIPES.map((recipe) => JSON.stringify(recipe))).size,
  ).toBe(WEAPONS.length);
});
