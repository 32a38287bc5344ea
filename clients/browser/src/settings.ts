/**
 * A player's settings, kept in the browser's storage from one visit to the next.
 *
 * Owns: the values, their defaults and their limits. Stored text is never trusted: another version,
 * a damaged value or a storage that refuses (private windows) leave the defaults in place, value by
 * value, and nothing is thrown.
 */
import {
  BINDINGS_PER_CONTROL_MAX,
  CONTROLS,
  defaultBindings,
  type Bindings,
  type Control,
} from "./input/controls";

export const PALETTES = ["default", "deuteranopia", "contrast"] as const;
export type Palette = (typeof PALETTES)[number];

export interface SettingsValues {
  name: string; // "": the server makes one up
  volume: number; // 0 … 1
  palette: Palette;
  simpleColours: boolean; // the local player against all others, two colours
  reducedMotion: boolean;
  shake: boolean;
  showNetGraph: boolean;
  keys: Bindings;
}

/** The part of `Storage` that settings need; tests give a Map's worth of it. */
export interface TextStorage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
}

export const NAME_CHARACTERS_MAX = 40; // code points; the server counts letters
const STORAGE_KEY = "skirmish.settings";
const STORAGE_VERSION = 1;
const BINDING_CHARACTERS_MAX = 32;

export function defaultValues(reducedMotion = false): SettingsValues {
  return {
    name: "",
    volume: 0.7,
    palette: "default",
    simpleColours: false,
    reducedMotion,
    shake: !reducedMotion,
    showNetGraph: false,
    keys: defaultBindings(),
  };
}

/**
 * The settings of this browser. Read `values`; change them with `update`, which stores and tells
 * the listeners.
 */
export class Settings {
  private current: SettingsValues;
  private readonly listeners = new Set<(values: Readonly<SettingsValues>) => void>();

  /** `reducedMotion` is what the operating system asks for; a stored choice goes before it. */
  constructor(
    private readonly storage: TextStorage | null,
    private readonly reducedMotion = false,
  ) {
    this.current = parseValues(readStored(storage), defaultValues(reducedMotion));
  }

  get values(): Readonly<SettingsValues> {
    return this.current;
  }

  update(part: Partial<SettingsValues>): void {
    // Through the parser, so that nothing outside the limits is ever in force or stored.
    this.current = parseValues({ ...this.current, ...part }, this.current);
    this.store();
    for (const listener of [...this.listeners]) listener(this.current);
  }

  reset(): void {
    this.update({ ...defaultValues(this.reducedMotion), name: this.current.name });
  }

  /** Calls `listener` after every change; returns the function that ends this. */
  onChange(listener: (values: Readonly<SettingsValues>) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private store(): void {
    try {
      const stored = { version: STORAGE_VERSION, values: this.current };
      this.storage?.setItem(STORAGE_KEY, JSON.stringify(stored));
    } catch {
      // A full or forbidden storage: the choice holds until the page is closed.
    }
  }
}

function readStored(storage: TextStorage | null): unknown {
  try {
    const stored: unknown = JSON.parse(storage?.getItem(STORAGE_KEY) ?? "null");
    if (!isRecord(stored) || stored["version"] !== STORAGE_VERSION) return {};
    return stored["values"];
  } catch {
    return {};
  }
}

function parseValues(raw: unknown, fallback: SettingsValues): SettingsValues {
  const source = isRecord(raw) ? raw : {};
  const flag = (key: keyof SettingsValues, otherwise: boolean): boolean => {
    const value = source[key];
    return typeof value === "boolean" ? value : otherwise;
  };
  const { name, volume, palette } = source;
  return {
    name: typeof name === "string" ? firstCodePoints(name, NAME_CHARACTERS_MAX) : fallback.name,
    volume: isFraction(volume) ? volume : fallback.volume,
    palette: PALETTES.find((known) => known === palette) ?? fallback.palette,
    simpleColours: flag("simpleColours", fallback.simpleColours),
    reducedMotion: flag("reducedMotion", fallback.reducedMotion),
    shake: flag("shake", fallback.shake),
    showNetGraph: flag("showNetGraph", fallback.showNetGraph),
    keys: parseBindings(source["keys"], fallback.keys),
  };
}

function parseBindings(raw: unknown, fallback: Bindings): Bindings {
  const source = isRecord(raw) ? raw : {};
  const parsed = defaultBindings();
  for (const control of CONTROLS) parsed[control] = bindingsOf(source[control], fallback, control);
  return parsed;
}

function bindingsOf(raw: unknown, fallback: Bindings, control: Control): string[] {
  if (!Array.isArray(raw)) return [...fallback[control]];
  const codes = raw.filter(
    (code): code is string =>
      typeof code === "string" && code.length > 0 && code.length <= BINDING_CHARACTERS_MAX,
  );
  return codes.slice(0, BINDINGS_PER_CONTROL_MAX);
}

function isFraction(value: unknown): value is number {
  return typeof value === "number" && value >= 0 && value <= 1;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The wire counts code points, as Python does. */
function firstCodePoints(text: string, most: number): string {
  return [...text].slice(0, most).join("");
}
