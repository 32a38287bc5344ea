// @vitest-environment happy-dom
/** The first page: one click plays. */
import { expect, it, vi } from "vitest";

import type { LobbyState } from "../../src/model";
import { StartScreen } from "../../src/screens/start";
import { Settings } from "../../src/settings";
import { actions, buttonOf, lobby } from "./lobby";

vi.stubGlobal("fetch", () => Promise.reject(new Error("no server")));

function page(values: Partial<LobbyState> = {}): { root: HTMLElement; asked: ReturnType<typeof actions>; show(more: Partial<LobbyState>): void } {
  const asked = actions();
  const made = new StartScreen(asked, new Settings(null), () => undefined);
  document.body.replaceChildren(made.root);
  made.show(lobby(values));
  return { root: made.root, asked, show: (more) => made.show(lobby(more)) };
}

function play(root: HTMLElement): HTMLButtonElement {
  return root.querySelector("button.play") as HTMLButtonElement;
}

it("plays the first mode, and then the chosen one", () => {
  const { root, asked } = page();
  play(root).click();
  root.querySelectorAll<HTMLElement>(".mode")[1]?.click();
  play(root).click();
  expect(asked.play.mock.calls).toEqual([["duel"], ["deathmatch"]]);
  expect(play(root).textContent).toBe("PlayDeathmatch");
});

it("renames before it plays", () => {
  const { root, asked } = page({ name: "Guest" });
  const field = root.querySelector(".name-field") as HTMLInputElement;
  field.value = "  Ada ";
  field.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter" }));
  expect([asked.rename.mock.calls, asked.play.mock.calls]).toEqual([[["Ada"]], [["duel"]]]);
});

it("says why the name is another, and lets it be accepted", () => {
  const { root, asked } = page({ nameNote: "You are Ada 2 here: a name like that is taken", name: "Ada 2" });
  expect(root.querySelector(".name-note")?.textContent).toContain("a name like that is taken");
  buttonOf(root, "OK").click();
  expect(asked.acceptName).toHaveBeenCalledOnce();
});

it("is a way to the server while the connection is down, and does not play by a late click", () => {
  const { root, asked, show } = page({ connection: { kind: "retrying", attempt: 4, inMs: 900, reason: "" } });
  play(root).click();
  expect(asked.tryNow).toHaveBeenCalledOnce();
  expect(root.querySelector(".connection-state")?.textContent).toContain("trying again in 1 s (attempt 4)");
  show({});
  play(root).click();
  expect(asked.play, "the click was meant for Try now").not.toHaveBeenCalled();
});

it("tells how the last match ended, and the way on", () => {
  const { root, asked } = page({ parting: { words: "The match is over.", way: "play" } });
  expect(root.querySelector(".parting")?.textContent).toBe("The match is over.Play");
  (root.querySelector(".parting button") as HTMLButtonElement).click();
  expect(asked.goOn.mock.calls).toEqual([["play"]]);
});
