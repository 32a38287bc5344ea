// @vitest-environment happy-dom
/** A private room. */
import { afterEach, expect, it, vi } from "vitest";

import type { LobbyState } from "../../src/model";
import { isolated } from "../../src/names";
import { RoomScreen } from "../../src/screens/room";
import { shownText } from "../hud/frames";
import { actions, buttonOf, lobby } from "./lobby";

type Room = Extract<LobbyState["activity"], { kind: "room" }>;

const ROOM: Room = {
  ...{ kind: "room", code: "BCD-FGH-JKM", mode: "deathmatch", map: "yard", owner: true },
  ...{ playersMax: 8, members: ["Ada", "Bo"] },
};

afterEach(() => vi.unstubAllGlobals());

function shown(values: Partial<Room> = {}): { root: HTMLElement; asked: ReturnType<typeof actions> } {
  const asked = actions();
  const made = new RoomScreen(asked);
  made.show(lobby({ activity: { ...ROOM, ...values } }));
  return { root: made.root, asked };
}

it("shows the code, the place and the members, the owner first", () => {
  const { root } = shown();
  expect(root.querySelector(".room-code")?.textContent).toBe("BCD-FGH-JKM");
  expect(root.querySelector(".room-place")?.textContent).toBe("Deathmatch on Yard, up to 8 players");
  const members = [...root.querySelectorAll(".members li")].map(shownText);
  expect(members).toEqual([`${isolated("Ada")} owner`, isolated("Bo")]);
});

it("lets the owner start with as many bots as there are free seats", () => {
  const { root, asked } = shown();
  const bots = root.querySelector<HTMLInputElement>("[type=range]") as HTMLInputElement;
  expect(bots.max).toBe("6");
  bots.value = "5";
  const level = root.querySelector("select") as HTMLSelectElement;
  level.value = "4";
  buttonOf(root, "Start").click();
  expect(asked.startRoom.mock.calls).toEqual([[5, 4]]);
});

it("lets a guest wait or leave", () => {
  const { root, asked } = shown({ owner: false });
  expect(shownText(root)).toContain("Waiting for the owner to start…");
  expect(shownText(root)).not.toContain("Bots");
  buttonOf(root, "Leave the room").click();
  expect(asked.leaveRoom).toHaveBeenCalledOnce();
});

it("copies the link, or shows it where it may not", async () => {
  const link = "?room=BCD-FGH-JKM";
  vi.stubGlobal("navigator", { clipboard: { writeText: () => Promise.reject(new Error("not allowed")) } });
  const { root } = shown();
  const copy = buttonOf(root, "Copy the link");
  copy.click();
  await vi.waitFor(() => expect(copy.textContent).toContain(link));
});
