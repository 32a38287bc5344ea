// @vitest-environment happy-dom
/** The menu within a match. */
import { expect, it, vi } from "vitest";

import { MatchMenu } from "../../src/screens/matchMenu";
import { actions, buttonOf } from "./lobby";

function menu(): { made: MatchMenu; asked: ReturnType<typeof actions>; settings: ReturnType<typeof vi.fn> } {
  const asked = actions();
  const settings = vi.fn();
  const made = new MatchMenu(asked, settings);
  document.body.append(made.root);
  made.show(true, false);
  return { made, asked, settings };
}

it("opens and closes, and leaves the match", () => {
  const { made, asked } = menu();
  made.toggle();
  expect(made.isOpen).toBe(true);
  buttonOf(made.root, "Leave the match").click();
  expect([made.isOpen, asked.leaveMatch.mock.calls.length]).toEqual([false, 1]);
});

it("closes when the match is over", () => {
  const { made } = menu();
  made.toggle();
  made.show(false, false);
  expect([made.isOpen, made.root.hasAttribute("hidden")]).toEqual([false, true]);
});

it("lets a spectator follow others, go back and stop", () => {
  const { made, asked } = menu();
  made.show(true, true);
  const labelled = (label: string): HTMLButtonElement => made.root.querySelector(`[aria-label="${label}"]`) as HTMLButtonElement;
  labelled("Watch the previous player").click();
  labelled("Watch the next player").click();
  labelled("Go back in this match").click();
  expect(asked.follow.mock.calls).toEqual([[-1], [1]]);
  expect(asked.rewind).toHaveBeenCalledOnce();
  expect(buttonOf(made.root, "Stop watching")).toBeDefined();
});

it("offers a player who is out to follow others, but not to go back", () => {
  const { made } = menu();
  made.offerFollowing(true);
  expect(made.root.querySelector(".followers")?.hasAttribute("hidden")).toBe(false);
  expect(made.root.querySelector('[aria-label="Go back in this match"]')?.hasAttribute("hidden")).toBe(true);
});
