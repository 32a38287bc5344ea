/** The controls in one line, in the keys that are bound right now; for fingers, in words. */
import { element, Rebuilt } from "../dom";
import { bindingTitle } from "../hud/keyNames";
import { WEAPON_CONTROLS, type Control } from "../input/controls";
import type { Settings, SettingsValues } from "../settings";

export class KeyLegend {
  readonly root = element("footer", "key-legend");
  private readonly content = new Rebuilt(this.root);

  constructor(settings: Settings) {
    this.build(settings.values);
    settings.onChange((values) => this.build(values));
  }

  private build(values: Readonly<SettingsValues>): void {
    const touch = window.matchMedia("(pointer: coarse)").matches;
    const key = `${JSON.stringify(values.keys)} ${touch}`;
    this.content.show(key, () => (touch ? fingerHelp() : keyHelp(values)));
  }
}

function keyHelp({ keys }: Readonly<SettingsValues>): HTMLElement[] {
  const first = (control: Control): string => bindingTitle(keys[control][0] ?? "–");
  const group = (title: string, ...caps: string[]): HTMLElement => {
    const made = element("span", "help", ...caps.map((cap) => element("kbd", "", cap)));
    made.append(title);
    return made;
  };
  return [
    group("move", first("up"), first("left"), first("down"), first("right")),
    group("aim", "Mouse"),
    group("fire", first("fire")),
    group("dash", first("dash")),
    group("weapons", first("weapon1"), "…", first(WEAPON_CONTROLS.at(-1) ?? "weapon1")),
    group("scores", first("scoreboard")),
    group("menu", first("menu")),
  ];
}

function fingerHelp(): HTMLElement[] {
  return [
    element("span", "help", "Left thumb moves"),
    element("span", "help", "Right thumb aims; push it out to fire"),
    element("span", "help", "Gamepads work too"),
  ];
}
