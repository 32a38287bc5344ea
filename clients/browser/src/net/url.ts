/**
 * The addresses of this server's paths: all are relative to the page, so that a proxy may put the
 * game under any path (`/game/`).
 *
 * Invariant: an address is of the page's own origin, whatever a path contains.
 */

/** The address of `path`, seen from the page. */
export function urlOf(path: string, base: string = document.baseURI): URL {
  return new URL(`./${path.replace(/^[/\\]+/, "")}`, base);
}

/**
 * A path that the server named, as seen from the page: servers name it from their own root, and
 * may put the path of their proxy before it.
 */
export function routeOf(path: string): string {
  return path.replace(/^.*\/(?=(?:match|replay)\/)/, "");
}
