/**
 * Names of people between other words.
 *
 * A name that is written from right to left turns the order of what stands beside it in a line: "אבג
 * 3" where the place and the name of somebody else were meant. Every name that is rendered, on the
 * page or on a canvas, goes through `isolated`.
 */

const FIRST_STRONG_ISOLATE = "\u2068"; // UAX 9, section 2.4: the name's own letters say its direction
const POP_DIRECTIONAL_ISOLATE = "\u2069";

/** A name whose letters turn nothing around it. */
export function isolated(name: string): string {
  return name === "" ? "" : FIRST_STRONG_ISOLATE + name + POP_DIRECTIONAL_ISOLATE;
}

/** Words of the server that have this name in them. */
export function withIsolated(words: string, name: string): string {
  return name === "" ? words : words.replace(name, () => isolated(name));
}
