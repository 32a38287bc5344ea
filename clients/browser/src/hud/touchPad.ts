/**
 * Draws the two sticks and the buttons for fingers; where they are and what they do is
 * `input/touch.ts`.
 */
import { element, setShown, setText, setVariable } from "../dom";
import { DASH_GLYPH, WEAPON_GLYPHS, glyphElement } from "../glyphs";
import type { TouchButton, TouchStick } from "../input/touch";
import { WEAPONS } from "../lexicon";
import { cssColour } from "../styles/palette";
import type { HudView, Widget } from "./view";

interface StickParts {
  base: HTMLElement;
  knob: HTMLElement;
}

export class TouchPad implements Widget {
  readonly root = element("section", "touch-pad");
  private readonly move = stick("move");
  private readonly aim = stick("aim");
  private readonly buttons = new Map<string, HTMLElement>();

  constructor() {
    this.root.append(this.move.base, this.move.knob, this.aim.base, this.aim.knob);
  }

  draw(view: HudView): void {
    const { touch } = view.switches;
    const shown = touch !== null && view.own;
    setShown(this.root, shown);
    if (!shown || touch === null) return;
    placeStick(this.move, touch.move);
    placeStick(this.aim, touch.aim);
    for (const one of touch.buttons) this.drawButton(view, one);
  }

  private drawButton(view: HudView, one: TouchButton): void {
    const weapon = weaponOf(one.control);
    const root = this.buttonOf(one.control, weapon);
    place(root, one.x, one.y, one.radius);
    root.classList.toggle("down", one.down);
    if (weapon < 0) {
      const wait = (view.frame.self?.dashReadyTick ?? 0) - view.frame.tick;
      root.classList.toggle("empty", wait > 0);
      return;
    }
    const ammo = view.frame.self?.ammo[weapon] ?? 0;
    setText(root.lastElementChild as HTMLElement, weapon === 0 ? "∞" : String(ammo));
    root.classList.toggle("held", view.me?.weapon === weapon);
    root.classList.toggle("empty", weapon > 0 && ammo === 0);
    setVariable(root, "--weapon", cssColour(view.scheme.weapons[weapon] ?? 0xffffff));
  }

  private buttonOf(control: string, weapon: number): HTMLElement {
    const known = this.buttons.get(control);
    if (known !== undefined) return known;
    const glyph = weapon < 0 ? DASH_GLYPH : (WEAPON_GLYPHS[weapon] ?? "");
    const label = WEAPONS[weapon]?.title ?? control;
    const root = element("div", "touch-button", glyphElement(glyph, label));
    if (weapon >= 0) root.append(element("b", "digits"));
    this.buttons.set(control, root);
    this.root.append(root);
    return root;
  }
}

function weaponOf(control: string): number {
  return control.startsWith("weapon") ? Number(control.slice("weapon".length)) - 1 : -1;
}

function stick(name: string): StickParts {
  return { base: element("div", `stick-base ${name}`), knob: element("div", `stick-knob ${name}`) };
}

function placeStick(parts: StickParts, state: TouchStick): void {
  place(parts.base, state.baseX, state.baseY, state.radius);
  place(parts.knob, state.knobX, state.knobY, state.radius * 0.44);
  for (const part of [parts.base, parts.knob]) {
    part.classList.toggle("active", state.active);
    part.classList.toggle("firing", state.firing);
  }
}

function place(target: HTMLElement, x: number, y: number, radius: number): void {
  setVariable(target, "--x", `${x.toFixed(1)}px`);
  setVariable(target, "--y", `${y.toFixed(1)}px`);
  setVariable(target, "--radius", `${radius.toFixed(1)}px`);
}
