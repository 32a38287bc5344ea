// @vitest-environment happy-dom
/** The settings: each holds at once. */
import { expect, it } from "vitest";

import { SettingsDialog } from "../../src/screens/settingsDialog";
import { Settings } from "../../src/settings";
import { buttonOf } from "./lobby";

function dialog(): { root: HTMLDialogElement; made: SettingsDialog; settings: Settings } {
  const settings = new Settings(null);
  settings.reset();
  const made = new SettingsDialog(settings);
  document.body.append(made.root);
  return { root: made.root, made, settings };
}

it("changes the volume, the colours and a switch at once, and shows what holds", () => {
  const { root, settings } = dialog();
  const volume = root.querySelector<HTMLInputElement>("[type=range]") as HTMLInputElement;
  volume.value = "30";
  volume.dispatchEvent(new Event("input"));
  expect(settings.values.volume).toBe(0.3);
  const shake = root.querySelector<HTMLInputElement>(".switch") as HTMLInputElement;
  const before = shake.checked;
  shake.checked = !before;
  shake.dispatchEvent(new Event("change"));
  expect(settings.values.simpleColours).toBe(!before);
  const palettes = [...root.querySelectorAll<HTMLInputElement>("[type=radio]")];
  palettes[1]?.dispatchEvent(new Event("change"));
  expect(palettes.map((one) => one.checked)).toEqual(palettes.map((_, index) => index === 1));
});

it("goes back to what a new player has", () => {
  const { root, settings } = dialog();
  settings.update({ volume: 0.1 });
  buttonOf(root, "Reset everything").click();
  expect(settings.values.volume).not.toBe(0.1);
});

it("opens once and closes", () => {
  const { root, made } = dialog();
  made.open();
  made.open();
  expect(made.isOpen).toBe(true);
  buttonOf(root, "Done").click();
  expect(made.isOpen).toBe(false);
});
