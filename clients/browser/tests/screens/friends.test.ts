// @vitest-environment happy-dom
/** A private room: which maps are offered, and how a code is entered. */
import { expect, it } from "vitest";

import { FriendsCard } from "../../src/screens/friends";
import { actions, buttonOf, lobby } from "./lobby";

function shown(mode = "duel", values: Parameters<typeof lobby>[0] = {}): { root: HTMLElement; asked: ReturnType<typeof actions> } {
  const asked = actions();
  const made = new FriendsCard(asked, () => mode);
  made.show(lobby(values));
  return { root: made.root, asked };
}

function type(root: HTMLElement, text: string): HTMLInputElement {
  const field = root.querySelector(".code-field") as HTMLInputElement;
  field.value = text;
  field.dispatchEvent(new Event("input"));
  return field;
}

it("offers the mode's maps, small ones first, and chooses the largest for a group of friends", () => {
  const { root, asked } = shown("deathmatch");
  expect([...root.querySelectorAll("option")].map((one) => one.textContent)).toEqual(["Yard, 2–8", "Expanse, 8–128"]);
  buttonOf(root, "Create a room").click();
  expect(asked.createRoom.mock.calls).toEqual([["deathmatch", "yard"]]);
});

it("takes a code in any case, by the button or by Enter", () => {
  const { root, asked } = shown();
  const field = type(root, "bcd-fgh-jkm");
  buttonOf(root, "Join").click();
  field.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter" }));
  expect(asked.joinRoom.mock.calls).toEqual([["BCD-FGH-JKM"], ["BCD-FGH-JKM"]]);
});

it("asks for nothing without a code", () => {
  const { root, asked } = shown();
  type(root, "  ");
  buttonOf(root, "Join").click();
  expect(asked.joinRoom).not.toHaveBeenCalled();
});

it("waits for the connection, and for a map that suits", () => {
  const offline = shown("duel", { connection: { kind: "connecting", attempt: 1 } }).root;
  expect([...offline.querySelectorAll("button")].every((one) => one.disabled)).toBe(true);
  expect(buttonOf(shown("capture-the-flag").root, "Create a room").disabled).toBe(true);
});
