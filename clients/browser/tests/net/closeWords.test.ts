/** Every close code has words and a way on for every kind of connection; none can be forgotten. */
import { describe, expect, it } from "vitest";

import {
  closeOf,
  LOBBY_CLOSES,
  MATCH_CLOSES,
  REPLAY_CLOSES,
  type CloseTable,
} from "../../src/net/closeWords";
import { CloseCode } from "../../src/wire/generated";

const TABLES: [string, CloseTable, readonly string[]][] = [
  ["lobby", LOBBY_CLOSES, ["reload", "reconnect"]],
  ["match", MATCH_CLOSES, ["reload", "play"]],
  ["replay", REPLAY_CLOSES, ["reload", "play", "again"]],
];
const STANDARD = [1000, 1001, 1002, 1003, 1005, 1006, 1007, 1008, 1009, 1011, 1012, 1013, 1015];
const CODES = [...Object.values(CloseCode), 0, ...STANDARD, 4013, 4999];

describe.each(TABLES)("a close in a %s", (_, table, ways) => {
  it.each(CODES)("%i is a sentence with a way on, or is tried again", (code) => {
    const { words, way } = closeOf(table, code, "");
    if (way === null) expect(words).toMatch(/^[a-z].*[a-z]$/); // the tail of a sentence
    else {
      expect(ways).toContain(way);
      expect(words).toMatch(/^[A-Z].*\.$/);
    }
  });

  it("that is unknown is retried, with the server's words", () => {
    expect(closeOf(table, 4777, "the moon is full")).toEqual({
      words: "the moon is full",
      way: null,
    });
  });
});
