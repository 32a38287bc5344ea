/**
 * The table of keys: press a cap, then the new key. Two controls on one key are reported, not
 * forbidden.
 */
import { button, element, Rebuilt } from "../dom";
import { bindingTitle } from "../hud/keyNames";
import {
  bindingConflicts,
  CONTROL_TITLES,
  CONTROLS,
  type Bindings,
  type Control,
} from "../input/controls";
import type { Settings } from "../settings";

const CAPS = 2; // how many bindings of a control are shown
const SHOWN = CONTROLS.filter((control) => control !== "chat");

export class KeyTable {
  readonly root = element("fieldset", "keys", element("legend", "", "Controls"));
  private readonly list = element("div", "key-list");
  private readonly rows = new Rebuilt(this.list);
  private readonly warning = element("p", "warning");
  private waiting: { control: Control; place: number } | null = null;
  private listening: AbortController | null = null;

  constructor(private readonly settings: Settings) {
    this.warning.setAttribute("role", "status");
    const hint = element(
      "p", "hint", "Choose a key, then press the new one. Esc keeps the old one.",
    );
    this.root.append(hint, this.list, this.warning);
  }

  show(keys: Bindings): void {
    const conflicts = bindingConflicts(keys);
    const key = JSON.stringify([keys, this.waiting]);
    this.rows.show(key, () => SHOWN.map((control) => this.row(control, keys, conflicts)));
    const words = [...conflicts].map(([binding, controls]) => {
      const titles = controls.map((control) => CONTROL_TITLES[control]).join(" and ");
      return `${bindingTitle(binding)} does both ${titles}.`;
    });
    this.warning.textContent = words.join(" ");
  }

  /** Ends waiting for a key. */
  stop(): void {
    this.listening?.abort();
    this.listening = null;
    this.waiting = null;
    this.show(this.settings.values.keys);
  }

  private row(control: Control, keys: Bindings, conflicts: Map<string, Control[]>): HTMLElement {
    const row = element("div", "key-row", element("span", "", CONTROL_TITLES[control]));
    for (let place = 0; place < CAPS; place += 1) {
      const code = keys[control][place] ?? "";
      const waits = this.waiting?.control === control && this.waiting.place === place;
      const label = waits ? "Press…" : code === "" ? "–" : bindingTitle(code);
      const cap = button("cap", label, () => this.listen(control, place));
      cap.classList.toggle("conflict", conflicts.has(code));
      cap.classList.toggle("waits", waits);
      cap.setAttribute("aria-label", `${CONTROL_TITLES[control]}, ${label}. Change.`);
      row.append(cap);
    }
    return row;
  }

  private listen(control: Control, place: number): void {
    this.stop();
    this.waiting = { control, place };
    const listening = new AbortController();
    this.listening = listening;
    const options = { capture: true, passive: false, signal: listening.signal };
    window.addEventListener("keydown", (event) => this.take(event, event.code), options);
    window.addEventListener(
      "pointerdown", (event) => this.take(event, `Mouse${event.button}`), options,
    );
    window.addEventListener("contextmenu", (event) => event.preventDefault(), options);
    window.addEventListener(
      "wheel",
      (event) => this.take(event, event.deltaY > 0 ? "WheelDown" : "WheelUp"),
      options,
    );
    this.show(this.settings.values.keys);
  }

  private take(event: Event, code: string): void {
    event.preventDefault();
    event.stopImmediatePropagation();
    const { waiting } = this;
    if (waiting === null) return;
    const { keys } = this.settings.values;
    const codes = [...keys[waiting.control]];
    codes[waiting.place] = code;
    this.stop();
    if (code === "Escape" && waiting.control !== "menu") return;
    const unique = [...new Set(codes.filter(Boolean))];
    this.settings.update({ keys: { ...keys, [waiting.control]: unique } });
  }
}
