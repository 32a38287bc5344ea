// @vitest-environment happy-dom
/** The sticks and buttons for fingers. */
import { expect, it } from "vitest";

import { TouchPad } from "../../src/hud/touchPad";
import { TouchControls } from "../../src/input/touch";
import { WEAPONS } from "../../src/lexicon";
import { player, self, shownText, view } from "./frames";

function touch(): TouchControls["state"] {
  const controls = new TouchControls(() => undefined);
  controls.layout(800, 400);
  return controls.state;
}

it("is not there before a finger was", () => {
  const pad = new TouchPad();
  pad.draw(view());
  expect(pad.root.hasAttribute("hidden")).toBe(true);
});

it("has a button for the dash and for each weapon, with what is left", () => {
  const pad = new TouchPad();
  pad.draw(view({ players: [player(0, { weapon: 1 })], self: self({ ammo: [-1, 6, 0, 2, 1] }) }, { touch: touch() }));
  const buttons = [...pad.root.querySelectorAll(".touch-button")];
  expect(buttons).toHaveLength(1 + WEAPONS.length);
  expect(buttons.map(shownText).sort()).toEqual(["Blaster ∞", "Disc 1", "Launcher 0", "Rail 2", "Scatter 6", "dash"].sort());
  expect(buttons.filter((one) => one.classList.contains("empty")).map(shownText)).toEqual(["Launcher 0"]);
  expect(buttons.filter((one) => one.classList.contains("held")).map(shownText)).toEqual(["Scatter 6"]);
});

it("draws each stick where the fingers are", () => {
  const pad = new TouchPad();
  const state = touch();
  state.move.knobX = 123.4;
  pad.draw(view({}, { touch: state }));
  const knob = pad.root.querySelector(".stick-knob.move") as HTMLElement;
  expect(knob.style.getPropertyValue("--x")).toBe("123.4px");
});
