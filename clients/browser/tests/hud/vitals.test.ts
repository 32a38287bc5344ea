// @vitest-environment happy-dom
/** Health, armour, the dash and a power: what is shown, and when it warns. */
import { expect, it } from "vitest";

import { Vitals } from "../../src/hud/vitals";
import { DOUBLE_TICKS } from "../../src/lexicon";
import { player, self, shownText, view } from "./frames";

function drawn(...values: Parameters<typeof view>): Vitals {
  const vitals = new Vitals();
  vitals.draw(view(...values));
  return vitals;
}

function part(vitals: Vitals, name: string): Element {
  return vitals.root.querySelector(`.${name}`) as Element;
}

it("says health and armour in numbers, and that the dash is ready", () => {
  const vitals = drawn({ players: [player(0, { health: 87, armour: 40 })] });
  expect(shownText(vitals.root)).toBe("Health 87 Armour 40 Dash Ready");
});

it.each([
  [100, false, false],
  [31, false, false],
  [30, true, false],
  [130, false, true],
])("of %i health warns: %s, and shines: %s", (health, low, over) => {
  const bar = part(drawn({ players: [player(0, { health })] }), "health");
  expect([bar.classList.contains("low"), bar.classList.contains("over")]).toEqual([low, over]);
});

it("shows no health of the dead, and no warning", () => {
  const bar = part(drawn({ players: [player(0, { health: 5, alive: false })] }), "health");
  expect(bar.textContent).toContain("0");
  expect([...bar.classList]).toEqual(["bar", "health", "none"]);
});

it("fills the dash while it cools down", () => {
  const dash = part(drawn({ tick: 600, self: self({ dashReadyTick: 645 }) }), "dash") as HTMLElement;
  expect(dash.style.getPropertyValue("--share")).toBe("0.50");
  expect(dash.classList.contains("ready")).toBe(false);
});

it("counts a power down in whole seconds, and hides it afterwards", () => {
  const running = drawn({ tick: 600, self: self({ doubleUntilTick: 600 + DOUBLE_TICKS - 1 }) });
  expect(shownText(part(running, "power"))).toContain(`Double damage ${DOUBLE_TICKS / 60}`);
  expect(part(drawn({ tick: 600, self: self({ doubleUntilTick: 600 }) }), "power").hasAttribute("hidden")).toBe(true);
});

it("shows a spectator the followed player's health, and nothing that only the player knows", () => {
  const vitals = drawn({ self: null, follow: 1, players: [player(0), player(1, { health: 42 })] });
  expect(shownText(vitals.root)).toBe("Health 42 Armour 0");
  expect(shownText(drawn({ self: null, follow: -1 }).root)).toBe("");
});
