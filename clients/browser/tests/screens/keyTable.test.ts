// @vitest-environment happy-dom
/** Choosing keys. */
import { expect, it } from "vitest";

import { KeyTable } from "../../src/screens/keyTable";
import { Settings } from "../../src/settings";

function table(): { made: KeyTable; settings: Settings; cap(control: string, place?: number): HTMLButtonElement } {
  const settings = new Settings(null);
  settings.reset();
  const made = new KeyTable(settings);
  const show = (): void => made.show(settings.values.keys);
  settings.onChange(show);
  show();
  const cap = (control: string, place = 0): HTMLButtonElement => {
    const rows = [...made.root.querySelectorAll(".key-row")];
    const row = rows.find((one) => one.firstElementChild?.textContent === control);
    return row?.querySelectorAll("button")[place] as HTMLButtonElement;
  };
  return { made, settings, cap };
}

function press(code: string): void {
  window.dispatchEvent(new KeyboardEvent("keydown", { code, cancelable: true }));
}

it("takes the next key for the chosen control, and only that", () => {
  const { settings, cap } = table();
  cap("Dash").click();
  expect(cap("Dash").textContent).toBe("Press…");
  press("KeyX");
  press("KeyY");
  expect(settings.values.keys.dash).toEqual(["KeyX", "Mouse2"]);
  expect(cap("Dash").textContent).toBe("X");
});

it("keeps the old key when Escape is pressed", () => {
  const { settings, cap } = table();
  const before = settings.values.keys.dash;
  cap("Dash").click();
  press("Escape");
  expect(settings.values.keys.dash).toEqual(before);
});

it("takes mouse buttons and the wheel", () => {
  const { settings, cap } = table();
  cap("Fire").click();
  window.dispatchEvent(new PointerEvent("pointerdown", { button: 3 }));
  cap("Dash").click();
  window.dispatchEvent(new WheelEvent("wheel", { deltaY: -3 }));
  expect([settings.values.keys.fire[0], settings.values.keys.dash[0]]).toEqual(["Mouse3", "WheelUp"]);
});

it("says when a key does two things, and forbids nothing", () => {
  const { made, cap } = table();
  cap("Dash").click();
  press("KeyW");
  expect(made.root.querySelector(".warning")?.textContent).toBe("W does both Move up and Dash.");
  expect(cap("Dash").classList.contains("conflict")).toBe(true);
});
