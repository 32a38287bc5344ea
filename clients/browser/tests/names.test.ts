/** Names that run from right to left turn nothing beside them, wherever they are shown. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

import { flagWords } from "../src/hud/objectiveWords";
import { winnerText } from "../src/hud/scoreboard";
import { HudView } from "../src/hud/view";
import type { Frame } from "../src/model";
import { isolated, withIsolated } from "../src/names";
import { markText } from "../src/replay/timeline";
import { defaultValues } from "../src/settings";
import { FlagAction } from "../src/wire/generated";

const HEBREW = "\u05d3\u05e0\u05d4 3";
const SOURCES = fileURLToPath(new URL("../src/", import.meta.url));

/** Of whom a `.name` is somebody's: not of maps, modes and pictures. */
const OF_SOMEBODY =
  /(?<!isolated\((?:this\.)?)\b(?:view\.player\([\w.]+\)|\w+\.get\(slot\)|player|me|person|member|lobby)\??\.name\b/g;

/** They keep a name, or compare it; what shows it comes later, and goes through `isolated`. */
const KEPT: readonly string[] = [
  "lobby/lobbyController.ts: lobby.name", // what the server called somebody, to ask again
  "lobby/lobbyState.ts: member.name",
  "screens/start.ts: lobby?.name",
  "screens/start.ts: lobby.name", // in the field where it is typed, which has `dir="auto"`
  "screens/room.ts: lobby.name", // a key
  "replay/replaySession.ts: roster.get(slot)?.name", // the bar shows it
  "testHook.ts: lobby.name",
];

function files(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((path) => path.replaceAll("\\", "/"))
    .filter((path) => path.endsWith(".ts") && !/^(?:wire|playground)\//.test(path));
}

function bare(path: string, text: string): string[] {
  return [...text.matchAll(OF_SOMEBODY)].map(([found]) => `${path}: ${found}`);
}

describe("a name", () => {
  it("is isolated from the text around it", () => {
    expect(isolated(HEBREW)).toBe(`\u2068${HEBREW}\u2069`);
    expect(isolated("")).toBe("");
    expect(withIsolated(`You are ${HEBREW} here: taken`, HEBREW)).toBe(
      `You are ${isolated(HEBREW)} here: taken`,
    );
    expect(withIsolated("You are $& here", "$&")).toBe(`You are ${isolated("$&")} here`);
    expect(withIsolated("no name", "")).toBe("no name");
  });

  it.each(files(SOURCES))("goes through `isolated` in %s", (path) => {
    const found = bare(path, readFileSync(SOURCES + path, "utf8"));
    expect(found.filter((one) => !KEPT.includes(one))).toEqual([]);
  });

  it("is found by the search where it is bare", () => {
    expect(bare("a.ts", "`${view.player(frame.winner)?.name ?? 1} won`")).toHaveLength(1);
    expect(bare("a.ts", "`Watching ${me.name}`")).toHaveLength(1);
    expect(bare("a.ts", "labels.of(player.name)")).toHaveLength(1);
    expect(bare("a.ts", "isolated(player.name) + map.name")).toEqual([]);
  });

  it("keeps the exceptions of the search short", () => {
    const found = files(SOURCES).flatMap((path) => bare(path, readFileSync(SOURCES + path, "utf8")));
    expect(KEPT.filter((one) => !found.includes(one))).toEqual([]);
  });
});

describe("words around a name", () => {
  const players = [
    { slot: 0, self: true, name: "Ada", team: 1 },
    { slot: 1, self: false, name: HEBREW, team: 2 },
  ];
  const frame = { winner: 1, teamScores: [], players, self: { slot: 0 }, follow: -1 };
  const view = new HudView(frame as unknown as Frame, defaultValues(), {
    scoreboard: false,
    netGraph: false,
    touch: null,
  });

  it("tell the winner", () => {
    expect(winnerText(view)).toBe(`${isolated(HEBREW)} won`);
  });

  it("tell of a flag", () => {
    const { title } = flagWords(view, { slot: 1, team: 1, action: FlagAction.TAKEN });
    expect(title).toBe(`${isolated(HEBREW)} took the Red flag`);
  });

  it("tell of a kill on the bar of a replay, with names that come isolated", () => {
    const bar = readFileSync(`${SOURCES}replay/replayBar.ts`, "utf8");
    expect(bar).toContain("(slot) => isolated(this.controller.nameOf(slot))");
    expect(bar).toContain("isolated(state.following)");
    expect(markText({ tick: 0, kills: [{ killer: 0, victim: 1 }] } as never, 0, () => isolated(HEBREW))).toContain(
      isolated(HEBREW),
    );
  });
});
