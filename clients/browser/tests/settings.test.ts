/** Settings survive a reload, and survive anything that happened to them in the meantime. */
import { describe, expect, it } from "vitest";

import { bindingConflicts, CONTROLS, defaultBindings } from "../src/input/controls";
import { defaultValues, Settings } from "../src/settings";
import { FakeStorage, seededDice } from "./fakes";

const KEY = "skirmish.settings";

describe("settings", () => {
  it("come back after a reload", () => {
    const storage = new FakeStorage();
    const settings = new Settings(storage);
    settings.update({ name: "Ada", volume: 0.25, palette: "contrast", shake: false });
    settings.update({ keys: { ...settings.values.keys, dash: ["KeyF"] } });
    expect(new Settings(storage).values).toEqual(settings.values);
    expect(new Settings(storage).values.keys.dash).toEqual(["KeyF"]);
  });

  it("tell their listeners, until these have enough", () => {
    const settings = new Settings(null);
    const heard: number[] = [];
    const stop = settings.onChange((values) => heard.push(values.volume));
    settings.update({ volume: 0.1 });
    stop();
    settings.update({ volume: 0.2 });
    expect(heard).toEqual([0.1]);
  });

  it.each([
    ["no JSON", "{"],
    ["nothing", "null"],
    ["a list", "[]"],
    ["another version", '{"version":99,"values":{"volume":0.1}}'],
    ["values that are none", '{"version":1,"values":7}'],
  ])("are the defaults when the storage holds %s", (_, text) => {
    const storage = new FakeStorage();
    storage.items.set(KEY, text);
    expect(new Settings(storage).values).toEqual(defaultValues());
  });

  it("keep the valid part of a damaged store", () => {
    const storage = new FakeStorage();
    const values = {
      name: "Bo",
      volume: 7,
      palette: "plaid",
      shake: "yes",
      keys: { fire: 3, dash: ["KeyF", 4] },
    };
    storage.items.set(KEY, JSON.stringify({ version: 1, values }));
    const found = new Settings(storage).values;
    expect(found.name).toBe("Bo");
    expect(found.keys.dash).toEqual(["KeyF"]);
    expect({ ...found, name: "", keys: defaultBindings() }).toEqual(defaultValues());
  });

  it("are whole and within limits after any damage to the stored text", () => {
    const dice = seededDice(3);
    const storage = new FakeStorage();
    new Settings(storage).update({ name: "Grace" });
    const good = storage.items.get(KEY) ?? "";
    for (let run = 0; run < 500; run += 1) {
      const at = Math.floor(dice() * good.length);
      const cut = Math.floor(dice() * 6);
      storage.items.set(
        KEY,
        good.slice(0, at) + '0"]}'[Math.floor(dice() * 4)] + good.slice(at + cut),
      );
      const { values } = new Settings(storage);
      expect(Object.keys(values)).toEqual(Object.keys(defaultValues()));
      expect(Object.keys(values.keys)).toEqual([...CONTROLS]);
      expect(values.volume).toBeGreaterThanOrEqual(0);
      expect(values.volume).toBeLessThanOrEqual(1);
      expect([...values.name].length).toBeLessThanOrEqual(16);
    }
  });

  it("hold for this visit when the storage refuses", () => {
    const storage = new FakeStorage();
    storage.refuses = true;
    const settings = new Settings(storage);
    settings.update({ volume: 0.5 });
    expect(settings.values.volume).toBe(0.5);
  });

  it("refuse values out of range, and cut a name at forty code points", () => {
    const settings = new Settings(null);
    settings.update({ volume: 3, name: "🚀".repeat(50) });
    expect(settings.values.volume).toBe(defaultValues().volume);
    expect(settings.values.name).toBe("🚀".repeat(40));
  });

  it("go back to the defaults on reset, but keep the name", () => {
    const settings = new Settings(null);
    settings.update({ name: "Ada", volume: 0, keys: { ...defaultBindings(), fire: [] } });
    settings.reset();
    expect(settings.values).toEqual({ ...defaultValues(), name: "Ada" });
  });
});

describe("bindings", () => {
  it("have no conflict at the start, and name both sides of one", () => {
    expect(bindingConflicts(defaultBindings()).size).toBe(0);
    const bindings = { ...defaultBindings(), dash: ["KeyW"] };
    expect([...bindingConflicts(bindings)]).toEqual([["KeyW", ["up", "dash"]]]);
  });
});
