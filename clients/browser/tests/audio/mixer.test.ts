/**
 * Sounds fade with distance, lie on the side they come from, and never hurt where there is no
 * audio.
 */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

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

/** As much of an audio context as the mixer touches. */
class FakeContext {
  static made: FakeContext[] = [];
  state = "suspended";
  currentTime = 0;
  sampleRate = 8_000;
  destination = {};
  resumeCount = 0;
  canResume = true;
  onstatechange: (() => void) | null = null;

  constructor() {
    FakeContext.made.push(this);
  }

  become(state: string): void {
    this.state = state;
    this.onstatechange?.();
  }

  resume(): Promise<void> {
    this.resumeCount += 1;
    if (!this.canResume) return Promise.reject(new Error("not now"));
    this.state = "running";
    return Promise.resolve();
  }

  close(): Promise<void> {
    this.state = "closed";
    return Promise.resolve();
  }

  createGain(): unknown {
    return { gain: { value: 1, setTargetAtTime: () => undefined }, connect: (node: unknown) => node };
  }

  createDynamicsCompressor(): unknown {
    return { connect: (node: unknown) => node };
  }

  createBuffer(): unknown {
    return { getChannelData: () => new Float32Array(8) };
  }
}

describe("sound that the system took away", () => {
  let mixer: Mixer;
  let context: FakeContext;

  beforeEach(() => {
    FakeContext.made = [];
    vi.stubGlobal("AudioContext", FakeContext);
    mixer = new Mixer();
    mixer.wake(); // before any gesture there is nothing to wake
    expect(FakeContext.made).toHaveLength(0);
    mixer.unlock(0);
    context = FakeContext.made[0] as FakeContext;
    expect(context.state).toBe("running");
  });

  afterEach(() => {
    vi.unstubAllGlobals();
  });

  it.each(["suspended", "interrupted"])("resumes as soon as it is %s", (state) => {
    context.become(state);
    expect(context.state).toBe("running");
  });

  it.each(["suspended", "interrupted"])("is tried again at every sign while it is %s", (state) => {
    context.canResume = false;
    context.become(state);
    mixer.wake();
    mixer.unlock(10);
    expect(context.state).toBe(state);
    context.canResume = true;
    mixer.wake();
    expect(context.state).toBe("running");
    expect(context.resumeCount).toBe(5);
  });

  it("is opened anew at the next gesture when it was closed", () => {
    context.become("closed");
    mixer.wake();
    expect(FakeContext.made).toHaveLength(1);
    mixer.unlock(10);
    expect(FakeContext.made).toHaveLength(2);
    expect(FakeContext.made[1]?.state).toBe("running");
  });

  it("is opened anew when its time stands still though it says that it runs", () => {
    context.currentTime = 1;
    mixer.unlock(3_000);
    context.currentTime = 4;
    mixer.unlock(6_000);
    expect(FakeContext.made).toHaveLength(1);
    mixer.unlock(9_000);
    expect(FakeContext.made).toHaveLength(2);
    expect(context.state).toBe("closed");
  });
});
