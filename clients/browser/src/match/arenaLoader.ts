/**
 * Fetches maps from the server that this page came from.
 *
 * Owns: the last map. Invariant: an arena is given out only for the digest that the match named,
 * where the browser can compute one (it does on secure pages); another map would make every
 * prediction wrong.
 */
import type { Arena } from "../model";
import { hexOfBytes } from "../net/hex";
import { urlOf } from "../net/url";
import { MapError, parseArena } from "../rules/arena";

const DIGEST_CHARACTERS = 16;

export class ArenaLoader {
  private last: { digest: string; arena: Arena } | null = null;

  /** Rejects with words for the player. */
  async load(map: string, digest: string): Promise<Arena> {
    if (this.last?.arena.name === map && this.last.digest === digest) return this.last.arena;
    const text = await fetchMap(map, digest);
    const arena = parseArena(text, map);
    this.last = { digest, arena };
    return arena;
  }
}

/** An outdated copy from a cache is requested again, past every cache. */
async function fetchMap(map: string, digest: string): Promise<string> {
  for (const cache of ["no-cache", "reload"] as const) {
    const response = await fetch(urlOf(`maps/${encodeURIComponent(map)}.tmj`), { cache });
    if (!response.ok)
      throw new MapError(`The map ${map} could not be fetched (${response.status.toString()}).`);
    const text = await response.text();
    const found = await digestOf(text);
    if (found === null || found === digest) return text;
  }
  throw new MapError(
    `The map ${map} is not the one this match is played on: please reload the page.`,
  );
}

async function digestOf(text: string): Promise<string | null> {
  if (!window.isSecureContext) return null;
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return hexOfBytes(new Uint8Array(hash)).slice(0, DIGEST_CHARACTERS);
}
