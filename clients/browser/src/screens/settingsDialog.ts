/** The settings: sound, looks, and the keys. Every change holds at once and is kept. */
import { button, element } from "../dom";
import type { Palette, Settings, SettingsValues } from "../settings";
import { PALETTES } from "../settings";
import { PALETTE_TITLES } from "../styles/palette";
import { KeyTable } from "./keyTable";

type Flag = "simpleColours" | "reducedMotion" | "shake" | "showNetGraph";

const FLAGS: Record<Flag, string> = {
  simpleColours: "Two colours only: you, and everyone else",
  reducedMotion: "Less motion",
  shake: "Screen shake",
  showNetGraph: "Net graph",
};

export class SettingsDialog {
  readonly root = element("dialog", "settings");
  private readonly keys: KeyTable;
  private readonly volume = element("input", "");
  private readonly palettes = new Map<Palette, HTMLInputElement>();
  private readonly flags = new Map<Flag, HTMLInputElement>();

  constructor(private readonly settings: Settings) {
    this.keys = new KeyTable(settings);
    this.root.setAttribute("aria-label", "Settings");
    const close = button("play small", "Done", () => this.root.close());
    close.autofocus = true;
    const reset = button("quiet", "Reset everything", () => settings.reset());
    const head = element("header", "", element("h2", "", "Settings"), close);
    const looks = element("fieldset", "", element("legend", "", "Looks"));
    looks.append(this.paletteChoice());
    for (const flag of Object.keys(FLAGS) as Flag[]) looks.append(this.switchOf(flag));
    const sound = element("fieldset", "", element("legend", "", "Sound"), this.volumeField());
    const licences = element("a", "quiet", "Licences");
    licences.href = "./licences.txt"; // made by the build
    licences.target = "_blank";
    const left = element("div", "settings-column", sound, looks, reset, licences);
    this.root.append(head, element("div", "settings-body", left, this.keys.root));
    this.root.addEventListener("close", () => this.keys.stop());
    this.root.addEventListener("keydown", (event) => event.stopPropagation());
    this.show(settings.values);
    settings.onChange((values) => this.show(values));
  }

  open(): void {
    if (!this.root.open) this.root.showModal();
  }

  get isOpen(): boolean {
    return this.root.open;
  }

  private show(values: Readonly<SettingsValues>): void {
    this.volume.value = String(Math.round(values.volume * 100));
    for (const [palette, input] of this.palettes) input.checked = palette === values.palette;
    for (const [flag, input] of this.flags) input.checked = values[flag];
    this.keys.show(values.keys);
  }

  private volumeField(): HTMLElement {
    this.volume.type = "range";
    this.volume.min = "0";
    this.volume.max = "100";
    this.volume.addEventListener("input", () => {
      this.settings.update({ volume: Number(this.volume.value) / 100 });
    });
    return element("label", "field", element("span", "", "Volume"), this.volume);
  }

  private paletteChoice(): HTMLElement {
    const group = element("div", "palettes");
    group.setAttribute("role", "radiogroup");
    group.setAttribute("aria-label", "Colours");
    for (const palette of PALETTES) {
      const input = element("input", "");
      input.type = "radio";
      input.name = "palette";
      input.addEventListener("change", () => this.settings.update({ palette }));
      this.palettes.set(palette, input);
      group.append(element("label", "choice", input, element("span", "", PALETTE_TITLES[palette])));
    }
    return group;
  }

  private switchOf(flag: Flag): HTMLElement {
    const input = element("input", "switch");
    input.type = "checkbox";
    input.addEventListener("change", () => this.settings.update({ [flag]: input.checked }));
    this.flags.set(flag, input);
    return element("label", "field", element("span", "", FLAGS[flag]), input);
  }
}
