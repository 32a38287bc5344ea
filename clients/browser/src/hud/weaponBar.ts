/** The five weapons with their keys and ammunition; the one in hand stands out. Lower middle. */
import { element, setShown, setText, setVariable } from "../dom";
import { WEAPON_GLYPHS, glyphElement } from "../glyphs";
import { WEAPONS } from "../lexicon";
import type { SettingsValues } from "../settings";
import type { Control } from "../input/controls";
import { cssColour } from "../styles/palette";
import { bindingTitle } from "./keyNames";
import type { HudView, Widget } from "./view";

const LOW_AMMO = 3;

interface Slot {
  root: HTMLElement;
  key: HTMLElement;
  ammo: HTMLElement;
}

export class WeaponBar implements Widget {
  readonly root = element("section", "weapons");
  private readonly slots: Slot[];
  private readonly title = element("div", "weapon-title");
  private keys: SettingsValues["keys"] | null = null;

  constructor() {
    this.slots = WEAPONS.map((weapon, index) => {
      const key = element("kbd", "", String(index + 1));
      const ammo = element("b", "digits", "");
      const glyph = glyphElement(WEAPON_GLYPHS[index] ?? "", weapon.title);
      const root = element("div", "weapon", key, glyph, ammo);
      return { root, key, ammo };
    });
    const row = element("div", "weapon-row", ...this.slots.map((slot) => slot.root));
    this.root.append(this.title, row);
  }

  draw(view: HudView): void {
    const { me, frame, scheme, values } = view;
    setShown(this.root, me !== undefined && view.own);
    if (me === undefined || frame.self === null || !view.own) return;
    if (this.keys !== values.keys) this.nameKeys(values.keys);
    setText(this.title, WEAPONS[me.weapon]?.title ?? "");
    this.slots.forEach((slot, index) => {
      const ammo = frame.self?.ammo[index] ?? 0;
      setText(slot.ammo, ammo < 0 || index === 0 ? "∞" : String(ammo));
      setVariable(slot.root, "--weapon", cssColour(scheme.weapons[index] ?? scheme.accent));
      slot.root.classList.toggle("held", index === me.weapon);
      slot.root.classList.toggle("empty", index > 0 && ammo === 0);
      slot.root.classList.toggle("low", index > 0 && ammo > 0 && ammo <= LOW_AMMO);
    });
  }

  private nameKeys(keys: SettingsValues["keys"]): void {
    this.keys = keys;
    this.slots.forEach((slot, index) => {
      const control = `weapon${index + 1}` as Control;
      setText(slot.key, bindingTitle(keys[control][0] ?? ""));
    });
  }
}
