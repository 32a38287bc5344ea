/** A lobby's state for screens, changed as a test asks; and actions that note what was asked. */
import { vi, type Mock } from "vitest";

import type { Actions, LobbyState } from "../../src/model";

const LOBBY: LobbyState = {
  connection: { kind: "online" },
  ...{ name: "Ada", nameNote: "", online: 7, matches: [], activity: { kind: "idle" }, error: "" },
  modes: [
    { name: "duel", title: "Duel", playersMin: 2, playersMax: 2 },
    { name: "deathmatch", title: "Deathmatch", playersMin: 2, playersMax: 16 },
  ],
  maps: [
    { name: "yard", title: "Yard", playersMin: 2, playersMax: 8, modes: ["duel", "deathmatch"] },
    { name: "expanse", title: "Expanse", playersMin: 8, playersMax: 128, modes: ["deathmatch"] },
    { name: "pit", title: "Pit", playersMin: 2, playersMax: 2, modes: ["duel"] },
  ],
  trouble: null,
  parting: null,
};

export function lobby(values: Partial<LobbyState> = {}): LobbyState {
  return { ...LOBBY, ...values };
}

export function actions(): Record<keyof Actions, Mock> {
  const names: (keyof Actions)[] = [
    ...(["play", "cancel", "createRoom", "joinRoom", "startRoom", "leaveRoom"] as const),
    ...(["refreshMatches", "joinMatch", "watchMatch", "watchReplay", "rewind", "rename"] as const),
    ...(["acceptName", "leaveMatch", "vote", "follow", "tryNow", "goOn"] as const),
  ];
  return Object.fromEntries(names.map((name) => [name, vi.fn()])) as Record<keyof Actions, Mock>;
}

/** The first button with this label. */
export function buttonOf(root: Element, label: string): HTMLButtonElement {
  const found = [...root.querySelectorAll("button")].find((one) => one.textContent === label);
  if (found === undefined) throw new Error(`no button ${label} in ${root.textContent ?? ""}`);
  return found;
}
