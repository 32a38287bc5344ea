/**
 * Turns what the page found out about a failing connection into a sentence for people.
 *
 * Owns: the words, and how answers of this server are told from those of something in front of it.
 * Must not know: how answers are fetched (`probe.ts`). Invariant: every finding has a sentence and
 * something to do.
 */

import type { Trouble, TroubleKind } from "../model";

/** An answer to a plain request; it may come from anything between here and the server. */
export interface Answer {
  status: number;
  text: string; // its beginning
  retryAfterS: number | null;
}

export interface Findings {
  isOnline: boolean; // as far as the device knows
  health: Answer | null; // to `healthz`; null: none came
  door: Answer | null; // to a plain POST at the path whose WebSocket does not open
  canEcho: boolean; // a WebSocket to `echo` opened
}

const OURS = /^\d{3} [A-Z][A-Za-z' -]*: /; // how this server's own answers begin
const WAITS = "This page keeps trying.";
const ONLY_THEY = "Only the people who run this server can fix this: please tell them.";

/** The obstacle, as seen from a page at `page` (its folder's address). */
export function troubleOf({ isOnline, health, door, canEcho }: Findings, page: URL): Trouble {
  if (health === null && !isOnline) {
    return trouble("offline", "This device is not connected to a network.", WAITS);
  }
  const limited = [health, door].find((answer) => answer?.status === 429);
  if (limited != null) return busy(limited);
  if (health === null) return unreachable(page);
  const foreign = [health, door].find((answer) => answer?.status === 421);
  if (foreign != null) return wrongOrigin(page, foreign);
  if (health.status === 503 && isHealth(health)) {
    return trouble("restarting", "The server is restarting.", WAITS);
  }
  if (health.status === 503 && OURS.test(health.text)) return full(health);
  if (health.status >= 500) return gateway(health);
  if ([401, 403, 407].includes(health.status)) return barred(health);
  if (health.status !== 200 || !isHealth(health)) return wrongPath(page, "healthz");
  if (door === null) return unreachable(page);
  if (door.status === 403 && OURS.test(door.text)) return wrongOrigin(page, door);
  if (door.status === 426 && OURS.test(door.text)) return canEcho ? cut() : noUpgrade();
  if (door.status === 404 && OURS.test(door.text)) return missing();
  if (door.status === 503 && OURS.test(door.text)) return full(door);
  if (door.status >= 500) return gateway(door);
  if ([401, 403, 407].includes(door.status)) return barred(door);
  return wrongPath(page, "lobby");
}

/** A reload did not bring another version of the page. */
export function staleTrouble(): Trouble {
  return trouble(
    "stale",
    "Reloading brought back the same outdated page.",
    "A cache is holding on to it: clear what your browser has stored for this site.",
    ["# the proxy or CDN in front has to respect Cache-Control: no-cache for the page itself"],
  );
}

function trouble(
  kind: TroubleKind,
  sentence: string,
  advice: string,
  operator: readonly string[] = [],
): Trouble {
  return { kind, sentence, advice, operator: operator.join("\n") };
}

function isHealth({ text }: Answer): boolean {
  return /^\s*\{/.test(text) && text.includes('"uptime_s"');
}

function unreachable(page: URL): Trouble {
  return trouble(
    "unreachable",
    "The server does not answer.",
    `It may be restarting, or something on the network may be blocking it. ${WAITS}`,
    [`curl -i ${new URL("healthz", page).href}`],
  );
}

function busy({ retryAfterS }: Answer): Trouble {
  return trouble(
    "busy",
    "There are too many connections or requests from your address.",
    `Close other tabs of this game, or try again${seconds(retryAfterS)}: people behind one router share an address.`,
    [
      "# skirmish.toml: behind a proxy, its address; else a higher limit",
      "net.trusted_proxies = [\"127.0.0.1\"]",
    ],
  );
}

function full({ retryAfterS }: Answer): Trouble {
  return trouble(
    "full",
    "The server is full.",
    `A place may be free${retryAfterS === null ? " soon" : seconds(retryAfterS)}. ${WAITS}`,
  );
}

function seconds(retryAfterS: number | null): string {
  return retryAfterS === null ? "" : ` in ${retryAfterS.toString()} s`;
}

function gateway({ status }: Answer): Trouble {
  return trouble(
    "gateway",
    `A proxy answers, but the server behind it does not (${status.toString()}).`,
    `It may be restarting. ${WAITS}`,
    ["curl -i http://127.0.0.1:8000/healthz  # on the server: does it run there?"],
  );
}

function barred({ status }: Answer): Trouble {
  return trouble(
    "barred",
    `Something in front of the server refuses this page (${status.toString()}).`,
    "Reload this page: you may have to sign in again.",
    ["# the proxy in front asks for a login, or refuses; it has to let the whole folder through"],
  );
}

function wrongPath(page: URL, name: string): Trouble {
  return trouble(
    "path",
    "A proxy sends this page's requests to the wrong place.",
    ONLY_THEY,
    [
      `# ${new URL(name, page).href} has to reach /${name} of the server. nginx:`,
      `location ${page.pathname} {`,
      "    proxy_pass http://127.0.0.1:8000/;  # with the slash at its end",
      "}",
      ...leftIn(page.pathname),
    ],
  );
}

function leftIn(path: string): string[] {
  if (path === "/") return [];
  return ["# or leave the path in, and in skirmish.toml:", `net.base_path = "${path.slice(0, -1)}"`];
}

function wrongOrigin(page: URL, { text }: Answer): Trouble {
  return trouble(
    "origin",
    "The server refuses connections from this page's address.",
    ONLY_THEY,
    [
      `# ${text.trim()}`,
      "proxy_set_header Host $http_host;  # nginx: pass on what the browser asked for",
      "# or, in skirmish.toml, what the line above names",
      `net.allowed_origins = ["${page.origin}"]`,
      `net.allowed_hosts = ["${page.host}"]`,
    ],
  );
}

function noUpgrade(): Trouble {
  return trouble(
    "upgrade",
    "Something between this page and the server blocks WebSockets.",
    "If others can play, it is your network: try another one. If nobody can, tell the people who run the server.",
    [
      "# nginx",
      "proxy_http_version 1.1;",
      "proxy_set_header Upgrade $http_upgrade;",
      'proxy_set_header Connection "upgrade";',
    ],
  );
}

function missing(): Trouble {
  return trouble(
    "missing",
    "This server does not offer that.",
    "Go back, and choose something else.",
    ['store.data_dir = "…"  # skirmish.toml: replays need a folder'],
  );
}

function cut(): Trouble {
  return trouble(
    "cut",
    "The server can be reached, but connections to it keep breaking.",
    "Something on the network may be closing connections early: try another network.",
    ["proxy_read_timeout 75s;  # nginx: longer than the game's heartbeat"],
  );
}
