/**
 * The names of keys: `KeyW` is W. Codes are places on the keyboard, so the letter is that of a
 * US layout.
 */

const NAMES: Record<string, string> = {
  Mouse0: "Left click",
  Mouse1: "Middle click",
  Mouse2: "Right click",
  Mouse3: "Mouse 4",
  Mouse4: "Mouse 5",
  WheelUp: "Wheel up",
  WheelDown: "Wheel down",
  ArrowUp: "↑",
  ArrowDown: "↓",
  ArrowLeft: "←",
  ArrowRight: "→",
  Escape: "Esc",
  ControlLeft: "Ctrl",
  ControlRight: "Right Ctrl",
  ShiftLeft: "Shift",
  ShiftRight: "Right Shift",
  AltLeft: "Alt",
  AltRight: "Right Alt",
  Backquote: "`",
  Minus: "-",
  Equal: "=",
  Comma: ",",
  Period: ".",
  Slash: "/",
  Semicolon: ";",
  Quote: "'",
  BracketLeft: "[",
  BracketRight: "]",
};

export function bindingTitle(code: string): string {
  if (code.startsWith("Key")) return code.slice(3);
  if (code.startsWith("Digit")) return code.slice(5);
  if (code.startsWith("Numpad")) return `Pad ${code.slice(6)}`;
  return NAMES[code] ?? code;
}
