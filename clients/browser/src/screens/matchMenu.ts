/** The menu within a match, and the small button that opens it where there is no keyboard. */
import { button, element, setShown, setText } from "../dom";
import { REPLAY_GLYPHS, glyphElement } from "../glyphs";
import type { Actions } from "../model";

export class MatchMenu {
  readonly root = element("div", "match-menu");
  private readonly dialog = element("dialog", "menu");
  private readonly opener: HTMLButtonElement;
  private readonly followers = element("div", "followers");
  private readonly rewind: HTMLButtonElement;
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
    const { back, on, rewind } = REPLAY_GLYPHS;
    const previous = sign(back, "Watch the previous player", () => actions.follow(-1));
    const next = sign(on, "Watch the next player", () => actions.follow(1));
    this.rewind = sign(rewind, "Go back in this match", () => actions.rewind());
    this.rewind.append(" Go back");
    this.followers.append(previous, this.rewind, next);
    this.root.append(this.opener, this.followers, this.dialog);
  }

  show(playing: boolean, watching: boolean): void {
    setShown(this.root, playing);
    setShown(this.followers, watching);
    setShown(this.rewind, watching); // who is out goes on in this match, and watches it as it is
    setText(this.leave, watching ? "Stop watching" : "Leave the match");
    if (!playing && this.dialog.open) this.dialog.close();
  }

  /** In every frame: one may be out, and in again with the next round. */
  offerFollowing(isFollowing: boolean): void {
    setShown(this.followers, isFollowing);
  }

  toggle(): void {
    if (this.dialog.open) this.dialog.close();
    else this.dialog.showModal();
  }

  get isOpen(): boolean {
    return this.dialog.open;
  }
}

/** A button with a drawn sign: not every font has such. */
function sign(path: string, label: string, act: () => void): HTMLButtonElement {
  const made = button("quiet", glyphElement(path), act);
  made.setAttribute("aria-label", label);
  return made;
}
