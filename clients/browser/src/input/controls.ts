/**
 * The controls of the game, and their default keys and buttons.
 *
 * Owns: the names, their words for people and the default bindings. A binding is a
 * `KeyboardEvent.code` (a key position, not a character, so that WASD is together on every layout),
 * `Mouse0` … `Mouse4`, `WheelUp` or `WheelDown`.
 */

import { WEAPONS } from "../lexicon";
import { SELECTS } from "../wire/generated";

/** The controls that choose a weapon, by its number: `weapon1` chooses weapon 0. */
export type WeaponControl = `weapon${(typeof SELECTS)[number]}`;
export const WEAPON_CONTROLS = SELECTS.map((select): WeaponControl => `weapon${select}`);

const BEFORE_WEAPONS = ["up", "down", "left", "right", "fire", "dash"] as const;
const AFTER_WEAPONS = ["nextWeapon", "previousWeapon", "scoreboard", "netGraph", "chat", "menu"] as const;

export type Control = (typeof BEFORE_WEAPONS)[number] | WeaponControl | (typeof AFTER_WEAPONS)[number];

/** All controls, in the order of the settings page. */
export const CONTROLS: readonly Control[] = [...BEFORE_WEAPONS, ...WEAPON_CONTROLS, ...AFTER_WEAPONS];

export type Bindings = Record<Control, string[]>;

export const CONTROL_TITLES: Record<Control, string> = {
  up: "Move up",
  down: "Move down",
  left: "Move left",
  right: "Move right",
  fire: "Fire",
  dash: "Dash",
  ...byWeapon((select) => WEAPONS[select - 1]?.title ?? ""),
  nextWeapon: "Next weapon",
  previousWeapon: "Previous weapon",
  scoreboard: "Scoreboard",
  netGraph: "Net graph",
  chat: "Chat (reserved)",
  menu: "Menu",
};

export const BINDINGS_PER_CONTROL_MAX = 4;

/** A fresh copy of a new player's bindings. */
export function defaultBindings(): Bindings {
  return {
    up: ["KeyW", "ArrowUp"],
    down: ["KeyS", "ArrowDown"],
    left: ["KeyA", "ArrowLeft"],
    right: ["KeyD", "ArrowRight"],
    fire: ["Mouse0"],
    dash: ["Space", "Mouse2"],
    ...byWeapon((select) => [`Digit${select}`]),
    nextWeapon: ["KeyE", "WheelDown"],
    previousWeapon: ["KeyQ", "WheelUp"],
    scoreboard: ["Tab"],
    netGraph: ["KeyN", "F3"],
    chat: ["Enter"],
    menu: ["Escape"],
  };
}

/** Controls that share a binding with another one: binding → the controls that claim it. */
export function bindingConflicts(bindings: Bindings): Map<string, Control[]> {
  const claims = new Map<string, Control[]>();
  for (const control of CONTROLS) {
    for (const binding of bindings[control]) {
      claims.set(binding, [...(claims.get(binding) ?? []), control]);
    }
  }
  for (const [binding, controls] of claims) {
    if (controls.length < 2) claims.delete(binding);
  }
  return claims;
}

function byWeapon<T>(of: (select: number) => T): Record<WeaponControl, T> {
  const rows = SELECTS.map((select): [WeaponControl, T] => [`weapon${select}`, of(select)]);
  return Object.fromEntries(rows) as Record<WeaponControl, T>;
}
