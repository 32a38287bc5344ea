/**
 * The controls of the game, and their default keys and buttons.
 *
 * Owns: the names, their words for people and the default bindings. A binding is a
 * `KeyboardEvent.code` (a key position, not a character, so that WASD is together on every layout),
 * `Mouse0` … `Mouse4`, `WheelUp` or `WheelDown`.
 */

import { WEAPONS } from "../lexicon";

export const CONTROLS = [
  "up",
  "down",
  "left",
  "right",
  "fire",
  "dash",
  "weapon1",
  "weapon2",
  "weapon3",
  "weapon4",
  "weapon5",
  "nextWeapon",
  "previousWeapon",
  "scoreboard",
  "netGraph",
  "chat",
  "menu",
] as const;

export type Control = (typeof CONTROLS)[number];
type WeaponControl = Extract<Control, `weapon${number}`>;

export type Bindings = Record<Control, string[]>;

/** The controls that choose a weapon, by its number. */
export const WEAPON_CONTROLS = CONTROLS.filter((control) => control.startsWith("weapon")) as WeaponControl[];

export const CONTROL_TITLES: Record<Control, string> = {
  up: "Move up",
  down: "Move down",
  left: "Move left",
  right: "Move right",
  fire: "Fire",
  dash: "Dash",
  ...weaponTitles(),
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
    weapon1: ["Digit1"],
    weapon2: ["Digit2"],
    weapon3: ["Digit3"],
    weapon4: ["Digit4"],
    weapon5: ["Digit5"],
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

function weaponTitles(): Record<WeaponControl, string> {
  const titles = WEAPON_CONTROLS.map((control, number) => [control, WEAPONS[number]?.title ?? ""]);
  return Object.fromEntries(titles) as Record<WeaponControl, string>;
}
