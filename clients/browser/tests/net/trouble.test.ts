/** What the page says is in the way, by what it found out. */
import { describe, expect, it } from "vitest";

import type { TroubleKind } from "../../src/model";
import { troubleOf, type Answer, type Findings } from "../../src/net/trouble";

const PAGE = new URL("https://play.example/game/");
const HEALTH = answer(200, '{"status": "ok", "version": "0.1.0", "uptime_s": 1.5}');
const CLOSING = answer(503, '{"status": "closing", "version": "0.1.0", "uptime_s": 1.5}');
const DOOR = answer(426, "426 Upgrade Required: this is a WebSocket\n");

function answer(status: number, text: string, retryAfterS: number | null = null): Answer {
  return { status, text, retryAfterS };
}

function found(some: Partial<Findings>): Findings {
  return { isOnline: true, health: HEALTH, door: DOOR, canEcho: true, ...some };
}

const HTML = "<!doctype html><title>Nothing</title>";
const CASES: [string, Findings, TroubleKind][] = [
  ["no network", found({ isOnline: false, health: null, door: null, canEcho: false }), "offline"],
  ["no server", found({ health: null, door: null, canEcho: false }), "unreachable"],
  ["a server that goes between two requests", found({ door: null }), "unreachable"],
  ["too many tabs", found({ health: answer(429, "429 Too Many Requests: too many\n", 5) }), "busy"],
  ["too many tabs by now", found({ door: answer(429, "anything") }), "busy"],
  ["a full server", found({ health: answer(503, "503 Service Unavailable: full\n", 5) }), "full"],
  ["a full server by now", found({ door: answer(503, "503 Service Unavailable: full\n") }), "full"],
  ["a restart", found({ health: CLOSING }), "restarting"],
  ["a proxy before nothing", found({ health: answer(502, HTML), door: null }), "gateway"],
  ["a proxy that gave up", found({ health: answer(503, HTML), door: null }), "gateway"],
  ["a proxy that waits in vain", found({ door: answer(504, HTML) }), "gateway"],
  ["a login", found({ health: answer(401, HTML) }), "barred"],
  ["a firewall", found({ door: answer(403, HTML) }), "barred"],
  ["a folder that is not passed on", found({ health: answer(404, HTML) }), "path"],
  ["another page for everything", found({ health: answer(200, HTML) }), "path"],
  ["a socket that is not passed on", found({ door: answer(404, HTML), canEcho: false }), "path"],
  ["the path kept as it is", found({ health: answer(404, "404 Not Found: no such page\n") }), "path"],
  ["a changed Host", found({ door: answer(403, "403 Forbidden: wrong origin 'x'\n") }), "origin"],
  ["a host that is not answered for", found({ door: answer(421, "421 …: net.allowed_hosts") }), "origin"],
  ["a host that nothing is answered for", found({ health: answer(421, "421 …") }), "origin"],
  ["an upgrade taken away", found({ canEcho: false }), "upgrade"],
  ["a line that is cut", found({}), "cut"],
  ["a server without replays", found({ door: answer(404, "404 Not Found: nothing\n") }), "missing"],
];

describe("a line that does not come up", () => {
  it.each(CASES)("because of %s", (_, findings, kind) => {
    const trouble = troubleOf(findings, PAGE);
    expect(trouble.kind).toBe(kind);
    expect(trouble.sentence).toMatch(/^[A-Z].*\.$/);
    expect(trouble.advice).toMatch(/^[A-Z].*\.$/);
  });

  it("says for how long, where the server said it", () => {
    expect(troubleOf(found({ health: answer(429, "", 7) }), PAGE).advice).toContain("in 7 s");
  });

  it("names the page's folder and origin to its operator", () => {
    const path = troubleOf(found({ health: answer(404, HTML) }), PAGE).operator;
    expect(path).toContain("location /game/ {");
    const origin = troubleOf(found({ door: answer(403, "403 Forbidden: wrong origin 'x'") }), PAGE);
    expect(origin.operator).toContain('net.allowed_origins = ["https://play.example"]');
    expect(origin.operator).toContain("wrong origin 'x'");
  });

  it("always has a sentence, whatever was answered", () => {
    const answers = [null, ...[200, 204, 301, 400, 405, 418, 429, 431, 500, 599].map((status) => answer(status, ""))];
    for (const health of [...answers, HEALTH, CLOSING]) {
      for (const door of [...answers, DOOR]) {
        for (const canEcho of [true, false]) {
          expect(troubleOf({ isOnline: true, health, door, canEcho }, PAGE).sentence).not.toBe("");
        }
      }
    }
  });
});
