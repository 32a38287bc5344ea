/** Why the connection does not come up, what a player can do, and what the operator must change. */
import "../styles/trouble.css";

import { button, element, setShown, setText } from "../dom";
import type { Trouble } from "../model";

export class TroubleCard {
  readonly root = element("section", "trouble");
  private readonly sentence = element("b", "");
  private readonly advice = element("p", "");
  private readonly lines = element("code", "");
  private readonly copy: HTMLButtonElement;
  private readonly details: HTMLElement;

  constructor() {
    this.root.setAttribute("role", "status");
    this.copy = button("small", "Copy", () => void this.copyLines());
    const summary = element("summary", "", "For the people who run this server");
    this.details = element("details", "", summary, element("pre", "", this.lines), this.copy);
    this.root.append(this.sentence, this.advice, this.details);
    setShown(this.root, false);
  }

  show(trouble: Trouble | null): void {
    setShown(this.root, trouble !== null);
    if (trouble === null) return;
    setText(this.sentence, trouble.sentence);
    setText(this.advice, trouble.advice);
    setShown(this.details, trouble.operator !== "");
    if (this.lines.textContent !== trouble.operator) setText(this.copy, "Copy");
    setText(this.lines, trouble.operator);
  }

  private async copyLines(): Promise<void> {
    const text = this.lines.textContent;
    try {
      await navigator.clipboard.writeText(`${this.sentence.textContent}\n${text}`);
      setText(this.copy, "Copied");
    } catch {
      // Without permission, or on a page without TLS: the lines are selected to be copied by hand.
      window.getSelection()?.selectAllChildren(this.lines);
    }
  }
}
