/** Everything lies beside the page, wherever a proxy has put that. */
import { describe, expect, it } from "vitest";

import { urlOf, routeOf } from "../../src/net/url";

const PAGES = [
  ["https://example.com/", "https://example.com/"],
  ["https://example.com/?room=ABCDE", "https://example.com/"],
  ["https://example.com/game/", "https://example.com/game/"],
  ["https://example.com/game/index.html", "https://example.com/game/"],
  ["http://[::1]:8000/a/b/?watch=m1#x", "http://[::1]:8000/a/b/"],
] as const;

describe("an address", () => {
  it.each(PAGES)("lies beside the page %s", (page, folder) => {
    expect(urlOf("lobby", page).href).toBe(`${folder}lobby`);
    expect(urlOf("/match/m1", page).href).toBe(`${folder}match/m1`);
    expect(urlOf("maps/a%20b.tmj", page).href).toBe(`${folder}maps/a%20b.tmj`);
  });

  it.each(["//evil.test/x", "https://evil.test/", "/\\evil.test", "javascript:alert(1)", "\\\\e"])(
    "never leads to another origin: %s",
    (path) => {
      expect(urlOf(path, "https://example.com/game/").origin).toBe("https://example.com");
    },
  );
});

describe("a path that the server named", () => {
  it.each([
    ["/match/m1", "match/m1"],
    ["match/m1", "match/m1"],
    ["/game/match/m1", "match/m1"],
    ["/match/match/m1", "match/m1"],
    ["/replay/live/m1", "replay/live/m1"],
    ["/a/replay/replay/m1-r0000", "replay/m1-r0000"],
  ])("is seen from the page: %s", (path, route) => {
    expect(routeOf(path)).toBe(route);
  });
});
