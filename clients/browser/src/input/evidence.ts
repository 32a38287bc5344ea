/**
 * Modifiers and mouse buttons that an event reports as down, beside its own subject. A held key or
 * button that it contradicts came up unseen by this page.
 *
 * Pure. Systems do not report some releases: macOS that of every key while Cmd is down, Windows
 * that of one of two Shift keys, and all of them those outside of the window.
 */

/** The part of keyboard, mouse and pointer events that is read here. */
export interface Evidence {
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly metaKey: boolean;
  getModifierState(name: string): boolean;
}

const MODIFIERS: Readonly<Record<string, (event: Evidence) => boolean>> = {
  Shift: (event) => event.shiftKey,
  Control: (event) => event.ctrlKey || event.getModifierState("AltGraph"),
  Alt: (event) => event.altKey || event.getModifierState("AltGraph"),
  Meta: (event) => event.metaKey,
};

// The bits of `MouseEvent.buttons` are in another order than the numbers of `MouseEvent.button`.
const MOUSE_BITS: Readonly<Record<string, number>> = {
  Mouse0: 1,
  Mouse1: 4,
  Mouse2: 2,
  Mouse3: 8,
  Mouse4: 16,
};

/** Whether a held key cannot be down, or its release will not be reported. */
export function isKeyGone(binding: string, event: Evidence): boolean {
  if (binding in MOUSE_BITS) return false;
  if (event.metaKey) return true;
  const isDown = MODIFIERS[binding.replace(/(?:Left|Right)$/, "")];
  return isDown !== undefined && !isDown(event);
}

/** Whether a held mouse button is up by `buttons`, those that are down now. */
export function isButtonGone(binding: string, buttons: number): boolean {
  const bit = MOUSE_BITS[binding];
  return bit !== undefined && (buttons & bit) === 0;
}
