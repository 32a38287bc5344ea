/** Which held keys and buttons an event shows to be up. */
import { describe, expect, it } from "vitest";

import { defaultBindings } from "../../src/input/controls";
import { isButtonGone, isKeyGone, type Evidence } from "../../src/input/evidence";
import { HeldControls } from "../../src/input/held";

const FLAGS = ["shiftKey", "ctrlKey", "altKey", "metaKey"] as const;
const MODIFIERS = ["Shift", "Control", "Alt", "Meta"] as const;
const KEYS = ["KeyW", "ArrowUp", "Space", "Tab", "Numpad8"];
const BUTTONS = ["Mouse0", "Mouse1", "Mouse2", "Mouse3", "Mouse4"];

function evidence(down: readonly string[], graph = false): Evidence {
  return {
    shiftKey: down.includes("shiftKey"),
    ctrlKey: down.includes("ctrlKey"),
    altKey: down.includes("altKey"),
    metaKey: down.includes("metaKey"),
    getModifierState: (name) => graph && name === "AltGraph",
  };
}

describe("a held key", () => {
  it.each(KEYS)("%s stays while nothing speaks against it", (key) => {
    for (const flag of ["shiftKey", "ctrlKey", "altKey"]) {
      expect(isKeyGone(key, evidence([flag]))).toBe(false);
    }
    expect(isKeyGone(key, evidence([]))).toBe(false);
  });

  it.each([...KEYS, "ShiftLeft"])("%s is let go under Cmd, which keeps releases to itself", (key) => {
    expect(isKeyGone(key, evidence(["metaKey"]))).toBe(true);
  });

  it.each(MODIFIERS.map((name, index) => [name, FLAGS[index] ?? "shiftKey"] as const))(
    "%s is up when an event says so, on either side",
    (name, flag) => {
      for (const side of ["Left", "Right"]) {
        expect(isKeyGone(`${name}${side}`, evidence([]))).toBe(true);
        if (name !== "Meta") expect(isKeyGone(`${name}${side}`, evidence([flag]))).toBe(false);
      }
    },
  );

  it("is AltGr as long as an event says so by that name only", () => {
    expect(isKeyGone("AltRight", evidence([], true))).toBe(false);
    expect(isKeyGone("ControlLeft", evidence([], true))).toBe(false);
  });
});

describe("a held mouse button", () => {
  it("is up when it is not among those that are down, and no key ever is", () => {
    const bits = [1, 4, 2, 8, 16];
    for (let buttons = 0; buttons < 32; buttons += 1) {
      BUTTONS.forEach((binding, index) => {
        expect(isButtonGone(binding, buttons)).toBe((buttons & (bits[index] ?? 0)) === 0);
      });
      for (const key of KEYS) expect(isButtonGone(key, buttons)).toBe(false);
    }
  });
});

it("releases only controls that are gone", () => {
  const held = new HeldControls(defaultBindings);
  for (const binding of ["KeyW", "Mouse0", "Mouse2"]) held.press(binding);
  held.releaseWhere((binding) => isButtonGone(binding, 1));
  expect([held.isHeld("up"), held.isHeld("fire"), held.isHeld("dash")]).toEqual([true, true, false]);
  held.releaseWhere((binding) => isKeyGone(binding, evidence(["metaKey"])));
  expect([held.isHeld("up"), held.isHeld("fire"), held.count]).toEqual([false, true, 1]);
});
