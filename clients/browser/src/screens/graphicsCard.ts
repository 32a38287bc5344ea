/** Words over everything while nothing can be drawn, and what to do about it. */
import "../styles/trouble.css";

import { button, element, setShown, setText } from "../dom";
import type { GraphicsState } from "../scene/resilientScene";

export interface GraphicsActions {
  tryAgain(): void;
  reload(): void;
  leave(): void;
}

const WORDS: Readonly<Record<Exclude<GraphicsState, "there">, readonly [string, string]>> = {
  returning: ["The graphics were lost", "They are coming back. The match goes on meanwhile."],
  gone: [
    "The graphics are gone",
    "The browser lost its graphics card, and the match goes on. Close other programs that draw a lot; if nothing helps, reload the page: your seat is kept for a minute.",
  ],
  missing: [
    "This browser cannot draw the arena",
    "Skirmish draws with WebGL. Turn on hardware acceleration in the settings of the browser, update it, or use another one.",
  ],
  broken: [
    "A part of the page did not arrive",
    "The server may have been updated just now, or the connection is poor: reload the page.",
  ],
};

export class GraphicsCard {
  readonly root = element("div", "graphics");
  private readonly title = element("h2", "");
  private readonly advice = element("p", "");
  private readonly again: HTMLButtonElement;
  private readonly reload: HTMLButtonElement;
  private readonly leave: HTMLButtonElement;
  private readonly buttons: HTMLElement;

  constructor(actions: GraphicsActions) {
    this.again = button("play", "Try again", () => actions.tryAgain());
    this.reload = button("", "Reload the page", () => actions.reload());
    this.leave = button("danger", "Leave the match", () => actions.leave());
    this.buttons = element("div", "choices", this.again, this.reload, this.leave);
    const card = element("div", "card", this.title, this.advice, this.buttons);
    card.setAttribute("role", "alert");
    this.root.dataset["ui"] = "";
    this.root.append(card);
    setShown(this.root, false);
  }

  /** `isInMatch`: something is to be seen that is not. */
  show(state: GraphicsState, isInMatch: boolean): void {
    const isShown = state !== "there" && (state !== "returning" || isInMatch);
    const wasShown = !this.root.hasAttribute("hidden");
    setShown(this.root, isShown);
    if (!isShown) return;
    const [title, advice] = WORDS[state];
    setText(this.title, title);
    setText(this.advice, advice);
    setShown(this.buttons, state !== "returning");
    setShown(this.leave, isInMatch);
    if (!wasShown && state !== "returning") this.again.focus({ preventScroll: true });
  }
}
