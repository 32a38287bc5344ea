// @vitest-environment happy-dom
/** The vote for the next map. */
import { afterEach, expect, it, vi } from "vitest";

import { VotePanel } from "../../src/hud/vote";
import { Phase } from "../../src/lexicon";
import { player, shownText, view } from "./frames";

const MAPS = [
  { name: "yard", title: "Yard" },
  { name: "pit", title: "Pit" },
];

afterEach(() => document.body.replaceChildren());

function panel(choose = vi.fn()): VotePanel {
  const made = new VotePanel(choose);
  document.body.append(made.root);
  made.draw(
    view({
      phase: Phase.SCOREBOARD,
      tick: 0,
      phaseEndTick: 90,
      voteMaps: MAPS,
      players: [player(0, { vote: 1 }), player(1, { vote: 1 })],
    }),
  );
  return made;
}

function press(code: string, repeat = false): void {
  window.dispatchEvent(new KeyboardEvent("keydown", { code, repeat }));
}

it("shows the maps with their votes, the own one pressed, and when it is over", () => {
  const { root } = panel();
  expect(shownText(root)).toBe("Next map 1 Yard 0 2 Pit 2 Rematch in 2 s. You stay in without doing anything.");
  const pressed = [...root.querySelectorAll("button")].map((one) => one.getAttribute("aria-pressed"));
  expect(pressed).toEqual(["false", "true"]);
});

it("takes a click and a digit, once for a held key, and no digit beyond the maps", () => {
  const choose = vi.fn();
  const { root } = panel(choose);
  root.querySelector("button")?.click();
  press("Digit2");
  press("Digit2", true);
  press("Digit3");
  expect(choose.mock.calls).toEqual([[0], [1]]);
});

it("takes no key while it is hidden", () => {
  const choose = vi.fn();
  const { root } = panel(choose);
  root.toggleAttribute("hidden", true);
  press("Digit1");
  expect(choose).not.toHaveBeenCalled();
});

it("lets spectators look and not vote", () => {
  const made = new VotePanel(vi.fn());
  made.draw(view({ self: null, voteMaps: MAPS, phase: Phase.SCOREBOARD }));
  expect([...made.root.querySelectorAll("button")].every((one) => one.disabled)).toBe(true);
});
