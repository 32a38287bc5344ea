/** A screen of the page: an element, and a way to show the lobby's state in it. */
import { element } from "../dom";
import type { LobbyState } from "../model";

export interface Screen {
  readonly root: HTMLElement;
  show(lobby: LobbyState): void;
}

/** The title of a mode or map by its name; the name itself while the server has not told. */
export function titleOf(rows: { name: string; title: string }[], name: string): string {
  return rows.find((row) => row.name === name)?.title ?? name;
}

/** A frame that all screens share: a heading and what is below it. */
export function card(title: string, ...children: (Node | string)[]): HTMLElement {
  return element("section", "card", element("h2", "", title), ...children);
}

export function playersText(least: number, most: number): string {
  return least === most ? `${most} players` : `${least} to ${most} players`;
}
