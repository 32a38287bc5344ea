// @vitest-environment happy-dom
/** The weapons: the one in hand, its ammunition, and the player's own keys. */
import { expect, it } from "vitest";

import { WeaponBar } from "../../src/hud/weaponBar";
import { HudView } from "../../src/hud/view";
import { WEAPONS } from "../../src/lexicon";
import { defaultValues } from "../../src/settings";
import { frame, player, self, shownText, view } from "./frames";

function slots(bar: WeaponBar): Element[] {
  return [...bar.root.querySelectorAll(".weapon")];
}

it("names the weapon in hand and marks it", () => {
  const bar = new WeaponBar();
  bar.draw(view({ players: [player(0, { weapon: 2 })], self: self({ ammo: [-1, 6, 4, 0, 0] }) }));
  expect(bar.root.querySelector(".weapon-title")?.textContent).toBe(WEAPONS[2]?.title);
  expect(slots(bar).map((slot) => slot.classList.contains("held"))).toEqual([false, false, true, false, false]);
});

it("tells what is left, what is nearly spent and what is empty", () => {
  const bar = new WeaponBar();
  bar.draw(view({ self: self({ ammo: [-1, 4, 3, 0, 12] }) }));
  expect(slots(bar).map((slot) => slot.querySelector(".digits")?.textContent)).toEqual(["∞", "4", "3", "0", "12"]);
  expect(slots(bar).map((slot) => [...slot.classList].slice(1).join())).toEqual(["held", "", "low", "empty", ""]);
});

it("shows the keys that the player chose", () => {
  const bar = new WeaponBar();
  const values = defaultValues();
  const keys = { ...values.keys, weapon3: ["KeyF"] };
  bar.draw(new HudView(frame(), { ...values, keys }, { scoreboard: false, netGraph: false, touch: null }));
  expect(slots(bar).map((slot) => slot.querySelector("kbd")?.textContent)).toEqual(["1", "2", "F", "4", "5"]);
});

it("is not for spectators", () => {
  const bar = new WeaponBar();
  bar.draw(view({ self: null, follow: 1 }));
  expect(shownText(bar.root)).toBe("");
});
