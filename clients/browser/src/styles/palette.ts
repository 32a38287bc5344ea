/**
 * All colours, in one place: for the canvas as numbers, for the page as CSS variables.
 *
 * Owns: three palettes and which player gets which colour. Must not know what is drawn with them.
 * Invariant: within a palette the sixteen player colours differ, and in simple colours the local
 * player never looks like an enemy.
 */
import type { Palette, SettingsValues } from "../settings";

export interface ColourScheme {
  backdrop: number;
  floor: number;
  floorLine: number;
  wallTop: number;
  wallFace: number;
  wallEdge: number;
  deep: number; // the inside of solid rock
  panel: number;
  text: number;
  muted: number;
  accent: number;
  warm: number;
  danger: number;
  health: number;
  armour: number;
  double: number;
  self: number;
  enemy: number;
  weapons: readonly number[]; // by weapon, for ammunition and effects
  players: readonly number[]; // by slot, sixteen of them
  sides: readonly number[]; // of team 1 and team 2: warm against cold, whatever eyes can tell
}

const NIGHT: ColourScheme = {
  backdrop: 0x080b12,
  floor: 0x1d2636,
  floorLine: 0x7f9cc7,
  wallTop: 0x3a4a68,
  wallFace: 0x202a40,
  wallEdge: 0x86a7dd,
  deep: 0x0d121d,
  panel: 0x10161f,
  text: 0xeef3fb,
  muted: 0x93a2b8,
  accent: 0x55e6c5,
  warm: 0xffc14d,
  danger: 0xff5a5f,
  health: 0x64e08a,
  armour: 0x5bb8ff,
  double: 0xc77dff,
  self: 0x55e6c5,
  enemy: 0xff6b5e,
  weapons: [0x7fe7ff, 0xffb35c, 0xff6a4d, 0x63f5b0, 0xffe066],
  players: [
    0x4cc9ff, 0xff6b5e, 0xffd23f, 0x6ee77a, 0xb983ff, 0xff8fd0, 0xff9f45, 0x3fe0c8,
    0x8aa2ff, 0xd9f25c, 0xff4f9a, 0xcfa77c, 0xf4f1e8, 0x4f7dff, 0xc44dff, 0x9fb3c8,
  ],
  sides: [0xff6a3d, 0x4aa8ff],
};

/**
 * After Okabe and Ito (2008): blue against orange, never green against red; lightness tells the
 * rest apart.
 */
const DEUTERANOPIA: ColourScheme = {
  ...NIGHT,
  accent: 0x56b4e9,
  warm: 0xf0c040,
  danger: 0xf0752e,
  health: 0x56b4e9,
  armour: 0xf0e442,
  double: 0xe09ac6,
  self: 0x56b4e9,
  enemy: 0xf08a24,
  weapons: [0x9fd8ff, 0xf0c040, 0xe8702a, 0xffffff, 0xf0e442],
  players: [
    0x56b4e9, 0xe69f00, 0xf0e442, 0x2f7fd0, 0xcc79a7, 0xe8641a, 0xffffff, 0x38bfa1,
    0xa9d8f5, 0xffd08a, 0x8f9bd8, 0xb5b5b5, 0xf2b8d6, 0x8a6d1f, 0x7d7d8f, 0xd8f0c0,
  ],
  sides: [0xf08a24, 0x56b4e9],
};

const CONTRAST: ColourScheme = {
  ...NIGHT,
  backdrop: 0x000000,
  floor: 0x0b0d11,
  floorLine: 0x8fa3c0,
  wallTop: 0x56647e,
  wallFace: 0x2a3344,
  wallEdge: 0xffffff,
  deep: 0x000000,
  panel: 0x000000,
  text: 0xffffff,
  muted: 0xc8d2e0,
  accent: 0x00ffd0,
  warm: 0xffd400,
  danger: 0xff3b3b,
  health: 0x4dff88,
  armour: 0x4db8ff,
  double: 0xe07dff,
  self: 0x00ffd0,
  enemy: 0xff4d4d,
  players: [
    0x00c8ff, 0xff4040, 0xffee00, 0x3dff5e, 0xc06bff, 0xff86d6, 0xff9100, 0x00ffd0,
    0x8f9dff, 0xd4ff2a, 0xff2a8f, 0xe0b080, 0xffffff, 0x3d6bff, 0xd400ff, 0xb0c4d8,
  ],
  sides: [0xff6a00, 0x2fb4ff],
};

const SCHEMES: Record<Palette, ColourScheme> = {
  default: NIGHT,
  deuteranopia: DEUTERANOPIA,
  contrast: CONTRAST,
};

export const PALETTE_TITLES: Record<Palette, string> = {
  default: "Night",
  deuteranopia: "Colour-blind safe",
  contrast: "High contrast",
};

export function schemeOf(values: Readonly<SettingsValues>): ColourScheme {
  return SCHEMES[values.palette];
}

/** The player that a colour is for; `team` 0: without a team. */
export interface Painted {
  slot: number;
  self: boolean;
  team: number;
}

/**
 * The colour of a player: their side's, or their own by slot. In simple colours there are two: one
 * for the local player and those of `ownTeam`, and one for all others.
 */
export function playerColour(
  values: Readonly<SettingsValues>,
  player: Painted,
  ownTeam = 0,
): number {
  const scheme = schemeOf(values);
  if (values.simpleColours) {
    const isFriend = player.self || (player.team > 0 && player.team === ownTeam);
    return isFriend ? scheme.self : scheme.enemy;
  }
  if (player.team > 0) return sideColour(values, player.team, ownTeam);
  return scheme.players[player.slot % scheme.players.length] ?? scheme.enemy;
}

/** The colour of a side, of its flag and its points. */
export function sideColour(
  values: Readonly<SettingsValues>,
  team: number,
  ownTeam = 0,
): number {
  const scheme = schemeOf(values);
  if (values.simpleColours && ownTeam > 0) return team === ownTeam ? scheme.self : scheme.enemy;
  return scheme.sides[team - 1] ?? scheme.muted;
}

export function cssColour(colour: number): string {
  return `#${colour.toString(16).padStart(6, "0")}`;
}

/** `colour` seen through: for canvas gradients. */
export function cssAlpha(colour: number, alpha: number): string {
  return `rgba(${colour >> 16}, ${(colour >> 8) & 255}, ${colour & 255}, ${alpha})`;
}

/** A colour between two, `share` 0 … 1 of the way; other shares are clamped. */
export function mixColours(from: number, to: number, share: number): number {
  const part = Math.min(1, Math.max(0, share));
  const channel = (shift: number): number => {
    const low = (from >> shift) & 255;
    return Math.round(low + (((to >> shift) & 255) - low) * part) << shift;
  };
  return channel(16) | channel(8) | channel(0);
}

/** Gives the page the palette in force. */
export function applyScheme(root: HTMLElement, values: Readonly<SettingsValues>): void {
  const scheme = schemeOf(values);
  for (const [name, colour] of Object.entries(scheme)) {
    if (typeof colour === "number") root.style.setProperty(`--${name}`, cssColour(colour));
  }
  root.dataset["palette"] = values.palette;
  root.classList.toggle("reduced-motion", values.reducedMotion);
}
