/** Health, armour, the dash and what power is on: lower left. */
import { element, setShown, setText, setVariable } from "../dom";
import { DASH_GLYPH, PICKUP_GLYPHS, glyphElement } from "../glyphs";
import { DASH_COOLDOWN_TICKS, DOUBLE_TICKS, Pickup, TICKS_PER_SECOND } from "../lexicon";
import type { HudView, Widget } from "./view";

const LOW_HEALTH = 30;

interface Bar {
  root: HTMLElement;
  number: HTMLElement;
}

export class Vitals implements Widget {
  readonly root = element("section", "vitals");
  private readonly health = bar("health", PICKUP_GLYPHS[Pickup.HEALTH] ?? "", "Health");
  private readonly armour = bar("armour", PICKUP_GLYPHS[Pickup.ARMOUR] ?? "", "Armour");
  private readonly dash = bar("dash", DASH_GLYPH, "Dash");
  private readonly double = element("div", "power");
  private readonly doubleTime = element("b", "digits");

  constructor() {
    const star = glyphElement(PICKUP_GLYPHS[Pickup.DOUBLE] ?? "");
    this.double.append(star, element("span", "", "Double damage"), this.doubleTime);
    this.root.append(this.double, this.health.root, this.armour.root, this.dash.root);
  }

  draw(view: HudView): void {
    const { me, frame } = view;
    setShown(this.root, me !== undefined);
    if (me === undefined) return;
    fill(this.health, me.alive ? me.health : 0, 100);
    this.health.root.classList.toggle("low", me.alive && me.health <= LOW_HEALTH);
    this.health.root.classList.toggle("over", me.health > 100);
    fill(this.armour, me.armour, 100);
    setShown(this.dash.root, view.own);
    const doubleTicks = view.own ? (frame.self?.doubleUntilTick ?? 0) - frame.tick : 0;
    setShown(this.double, doubleTicks > 0);
    setText(this.doubleTime, String(Math.max(0, Math.ceil(doubleTicks / TICKS_PER_SECOND))));
    setVariable(this.double, "--share", share(doubleTicks / DOUBLE_TICKS));
    if (frame.self === null) return;
    const wait = Math.max(0, frame.self.dashReadyTick - frame.tick);
    setVariable(this.dash.root, "--share", share(1 - wait / DASH_COOLDOWN_TICKS));
    this.dash.root.classList.toggle("ready", wait <= 0);
    setText(this.dash.number, wait > 0 ? "" : "Ready");
  }
}

function bar(name: string, glyph: string, label: string): Bar {
  const number = element("b", "digits", "");
  const track = element("span", "track", element("i", "fill"));
  const root = element("div", `bar ${name}`, glyphElement(glyph, label), track, number);
  return { root, number };
}

function fill(target: Bar, value: number, full: number): void {
  setVariable(target.root, "--share", share(value / full));
  setText(target.number, String(value));
  target.root.classList.toggle("none", value === 0);
}

/** In hundredths: a bar that moves less than that is not worth a layout. */
function share(value: number): string {
  return Math.min(1, Math.max(0, value)).toFixed(2);
}
