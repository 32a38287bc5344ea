/** The kill feed: upper right, newest below, each line for a few seconds. */
import { element, Rebuilt, setVariable } from "../dom";
import { CIRCLE_GLYPH, SKULL_GLYPH, WEAPON_GLYPHS, glyphElement } from "../glyphs";
import { EventKind, WEAPONS } from "../lexicon";
import { isolated } from "../names";
import { cssColour } from "../styles/palette";
import { NO_WEAPON } from "../wire/generated";
import type { HudView, Widget } from "./view";

const ROWS_MAX = 5;
const ROW_MS = 6000;

interface Kill {
  number: number;
  killer: { isolatedName: string; colour: string; own: boolean } | null; // null: a suicide, or the circle
  victim: { isolatedName: string; colour: string; own: boolean };
  weapon: number;
  untilMs: number;
}

export class KillFeed implements Widget {
  readonly root = element("section", "kill-feed");
  private readonly rows = new Rebuilt(this.root);
  private kills: Kill[] = [];
  private count = 0;

  draw(view: HudView): void {
    for (const { kind, fields } of view.frame.events) {
      if (kind === EventKind.KILL) this.add(view, fields);
    }
    this.kills = this.kills.filter((kill) => kill.untilMs > view.frame.nowMs).slice(-ROWS_MAX);
    const key = this.kills.map((kill) => kill.number).join();
    this.rows.show(key, () => this.kills.map((kill) => row(kill, this.count)));
  }

  private add(view: HudView, fields: Record<string, number>): void {
    const person = (slot: number): Kill["victim"] => {
      const player = view.player(slot);
      const colour = cssColour(player === undefined ? view.scheme.muted : view.colour(player));
      return { isolatedName: isolated(player?.name ?? "Somebody"), colour, own: player?.self ?? false };
    };
    const { victim = -1, killer = -1, weapon = 0 } = fields as Record<string, number>;
    this.count += 1;
    this.kills.push({
      number: this.count,
      killer: killer === victim || killer < 0 ? null : person(killer),
      victim: person(victim),
      weapon,
      untilMs: view.frame.nowMs + ROW_MS,
    });
  }
}

function row(kill: Kill, newest: number): HTMLElement {
  const made = element("div", "kill");
  made.classList.toggle("own", kill.killer?.own === true || kill.victim.own);
  made.classList.toggle("new", kill.number === newest);
  if (kill.killer !== null) made.append(name(kill.killer));
  made.append(cause(kill), name(kill.victim));
  return made;
}

function cause({ killer, weapon }: Kill): Element {
  if (weapon === NO_WEAPON) return glyphElement(CIRCLE_GLYPH, "the circle");
  if (killer === null) return glyphElement(SKULL_GLYPH, "self-inflicted");
  return glyphElement(WEAPON_GLYPHS[weapon] ?? SKULL_GLYPH, WEAPONS[weapon]?.title ?? "");
}

function name(person: Kill["victim"]): HTMLElement {
  const made = element("span", "who", person.own ? "You" : person.isolatedName);
  setVariable(made, "--player", person.colour);
  return made;
}
