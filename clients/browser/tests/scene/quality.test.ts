/** A slow machine gets fewer pixels, down to a limit; a fast one keeps all of them. */
import { describe, expect, it } from "vitest";

import {
  Quality,
  RESOLUTION_MAX,
  RESOLUTION_MIN,
  RESOLUTION_SOFTWARE,
} from "../../src/scene/quality";

function observed(quality: Quality, deltaMs: number, frames: number): number {
  let changes = 0;
  for (let frame = 0; frame < frames; frame += 1) changes += Number(quality.observe(deltaMs));
  return changes;
}

describe("the quality", () => {
  it("follows the screen, within reason", () => {
    expect(new Quality(1, "").resolution).toBe(1);
    expect(new Quality(3.5, "").resolution).toBe(RESOLUTION_MAX);
    expect(new Quality(0.5, "").resolution).toBe(1);
  });

  it.each(["ANGLE (Google, Vulkan 1.3 (SwiftShader Device))", "llvmpipe (LLVM 15)"])(
    "starts lower where %s draws",
    (name) => {
      expect(new Quality(2, name).resolution).toBe(RESOLUTION_SOFTWARE);
      expect(new Quality(2, name).isThrifty).toBe(true);
    },
  );

  it("stays while frames are on time", () => {
    const quality = new Quality(2, "GeForce");
    expect(observed(quality, 16.7, 1000)).toBe(0);
    expect(quality.resolution).toBe(2);
  });

  it("sinks step by step while they are late, and never below its end", () => {
    const quality = new Quality(2, "GeForce");
    expect(observed(quality, 40, 60)).toBe(1);
    expect(quality.resolution).toBeLessThan(2);
    observed(quality, 40, 5000);
    expect(quality.resolution).toBe(RESOLUTION_MIN);
    expect(observed(quality, 40, 1000)).toBe(0);
  });

  it("takes a hidden tab for no slow machine", () => {
    const quality = new Quality(1, "");
    expect(observed(quality, 1000, 500)).toBe(0);
    expect(quality.resolution).toBe(1);
  });
});
