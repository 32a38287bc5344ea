/** Integers and directions against Python's. */
import { describe, expect, it } from "vitest";

import { floorDivide, integerSquareRoot } from "../../src/rules/integers";
import { aimOf, cosine, sine } from "../../src/rules/trig";
import { readVectors, type ArithmeticVectors } from "../vectors";

const vectors = readVectors<ArithmeticVectors>("arithmetic");

describe("floor division", () => {
  it("is Python's for every golden pair", () => {
    for (const [a = 0, b = 1, quotient] of vectors.floorDivision) {
      expect([a, b, floorDivide(a, b)]).toEqual([a, b, quotient]); // toEqual tells 0 from -0
    }
  });

  it("steps back where the double quotient was rounded up to a whole number", () => {
    expect(floorDivide(2 ** 53 - 1, 2 ** 27)).toBe(2 ** 26 - 1);
    expect(floorDivide(9_007_199_254_740_991, 3)).toBe(3_002_399_751_580_330);
    expect(floorDivide(-1, 2 ** 53 - 1)).toBe(-1);
  });
});

describe("the integer square root", () => {
  it("is exact beside every square", () => {
    for (const root of [1, 2, 3, 111, 430, 600, 65_535, 1_000_003, 94_906_265]) {
      const square = root * root;
      expect(integerSquareRoot(square - 1)).toBe(root - 1);
      expect(integerSquareRoot(square)).toBe(root);
      expect(integerSquareRoot(square + 1)).toBe(root);
    }
    expect(integerSquareRoot(0)).toBe(0);
  });
});

describe("directions", () => {
  it("are Python's for every golden aim", () => {
    expect(vectors.direction.length).toBeGreaterThan(50);
    for (const [aim = 0, cos, sin] of vectors.direction) {
      expect([aim, cosine(aim), sine(aim)]).toEqual([aim, cos, sin]);
    }
  });

  it("point where a hand points", () => {
    expect([aimOf(1, 0), aimOf(0, 1), aimOf(-1, 0), aimOf(0, -1)]).toEqual([
      0, 16_384, 32_768, 49_152,
    ]);
    expect(aimOf(1, -1e-9)).toBe(0); // a hair short of the whole turn is not 65,536
  });
});
