/** Keys have the names people call them by. */
import { expect, it } from "vitest";

import { bindingTitle } from "../../src/hud/keyNames";
import { defaultBindings } from "../../src/input/controls";

it.each([
  ["KeyW", "W"],
  ["Digit5", "5"],
  ["Numpad7", "Pad 7"],
  ["Mouse0", "Left click"],
  ["WheelDown", "Wheel down"],
  ["F3", "F3"],
  ["Space", "Space"],
])("%s is called %s", (code, title) => {
  expect(bindingTitle(code)).toBe(title);
});

it("no default binding is shown as a code", () => {
  for (const code of Object.values(defaultBindings()).flat()) {
    expect(bindingTitle(code)).not.toMatch(/^(Key|Digit|Mouse\d|Wheel[A-Z]|Arrow)/);
  }
});
