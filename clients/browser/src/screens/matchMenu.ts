/** The menu within a match, and the small button that opens it where there is no keyboard. */
import { button, element, setShown, setText } from "../dom";
import type { Actions } from "../model";

export class MatchMenu {
  readonly root = element("div", "match-menu");
  private readonly dialog = element("dialog", "menu");
  private readonly opener: HTMLButtonElement;
  private readonly followers = element("div", "followers");
  private readonly leave: HTMLButtonElement;

  constructor(actions: Actions, openSettings: () => void) {
    this.opener = button("menu-button", "☰", () => this.toggle());
    this.opener.setAttribute("aria-label", "Menu");
    const resume = button("play", "Resume", () => this.dialog.close());
    resume.autofocus = true;
    const settings = button("", "Settings", openSettings);
    this.leave = button("danger", "Leave the match", () => {
      this.dialog.close();
      actions.leaveMatch();
    });
    const note = element("p", "menu-note", "The match goes on while this is open.");
    this.dialog.append(element("h2", "", "Menu"), resume, settings, this.leave, note);
    this.dialog.setAttribute("aria-label", "Menu");
    const previous = button("quiet", "◀", () => actions.follow(-1));
    previous.setAttribute("aria-label", "Watch the player before");
    const next = button("quiet", "▶", () => actions.follow(1));
    next.setAttribute("aria-label", "Watch the next player");
    const rewind = button("quiet", "⏪ Go back", () => actions.rewind());
    rewind.setAttribute("aria-label", "Go back in this match");
    this.followers.append(previous, rewind, next);
    this.root.append(this.opener, this.followers, this.dialog);
  }

  show(playing: boolean, watching: boolean): void {
    setShown(this.root, playing);
    setShown(this.followers, watching);
    setText(this.leave, watching ? "Stop watching" : "Leave the match");
    if (!playing && this.dialog.open) this.dialog.close();
  }

  toggle(): void {
    if (this.dialog.open) this.dialog.close();
    else this.dialog.showModal();
  }

  get isOpen(): boolean {
    return this.dialog.open;
  }
}
