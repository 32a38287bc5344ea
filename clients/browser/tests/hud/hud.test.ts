// @vitest-environment happy-dom
/** All widgets at once, in every phase. */
import { expect, it } from "vitest";

import { Hud } from "../../src/hud/hud";
import { Phase } from "../../src/lexicon";
import { Settings } from "../../src/settings";
import { frame } from "./frames";

const SWITCHES = { scoreboard: true, netGraph: true, touch: null };

it("is hidden between two matches", () => {
  const root = document.createElement("div");
  const hud = new Hud(root, new Settings(null));
  expect(root.hasAttribute("hidden")).toBe(true);
  hud.draw(frame(), SWITCHES);
  expect(root.hasAttribute("hidden")).toBe(false);
  hud.hide();
  expect(root.hasAttribute("hidden")).toBe(true);
});

it.each(Object.values(Phase).filter((phase) => typeof phase === "number"))("draws phase %i", (phase) => {
  const root = document.createElement("div");
  new Hud(root, new Settings(null)).draw(frame({ phase }), SWITCHES);
  expect(root.classList.contains("ended")).toBe(phase === Phase.SCOREBOARD || phase === Phase.OVER);
});
