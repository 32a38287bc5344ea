/** Refusals in words, at the foot of the page, for as long as it takes to read them. */
import { element } from "../dom";

const SHOWN_MS = 5000;

export class Toasts {
  readonly root = element("div", "toasts");
  private last = "";

  constructor() {
    this.root.setAttribute("role", "alert");
  }

  /** Shows `text` once each time it changes; "" is nothing. */
  show(text: string): void {
    if (text === this.last) return;
    this.last = text;
    if (text === "") return;
    const toast = element("div", "toast", text);
    this.root.replaceChildren(toast);
    window.setTimeout(() => toast.remove(), SHOWN_MS);
  }
}
