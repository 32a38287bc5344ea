// @vitest-environment happy-dom
/** The kill feed: who, by what, whom; and for how long. */
import { expect, it } from "vitest";

import { KillFeed } from "../../src/hud/killFeed";
import { EventKind, WEAPONS } from "../../src/lexicon";
import { isolated } from "../../src/names";
import { NO_WEAPON } from "../../src/wire/generated";
import { shownText, view } from "./frames";

const BO = isolated("Bo");

function kill(killer: number, victim: number, weapon = 3): { kind: number; tick: number; fields: Record<string, number> } {
  return { kind: EventKind.KILL, tick: 1, fields: { killer, victim, weapon } };
}

function rows(feed: KillFeed): string[] {
  return [...feed.root.children].map(shownText);
}

it.each([
  ["a kill", kill(0, 1), `You ${WEAPONS[3]?.title} ${BO}`],
  ["a suicide", kill(1, 1), `self-inflicted ${BO}`],
  ["the circle", kill(-1, 1, NO_WEAPON), `the circle ${BO}`],
  ["somebody who has left", kill(7, 1), `${isolated("Somebody")} ${WEAPONS[3]?.title} ${BO}`],
])("tells of %s", (_, event, words) => {
  const feed = new KillFeed();
  feed.draw(view({ events: [event] }));
  expect(rows(feed)).toEqual([words]);
});

it("marks what concerns the player", () => {
  const feed = new KillFeed();
  feed.draw(view({ events: [kill(0, 1), kill(1, 1)] }));
  expect([...feed.root.children].map((row) => row.classList.contains("own"))).toEqual([true, false]);
});

it("keeps the newest five, and each for six seconds", () => {
  const feed = new KillFeed();
  feed.draw(view({ nowMs: 0, events: Array.from({ length: 7 }, () => kill(0, 1)) }));
  expect(rows(feed)).toHaveLength(5);
  feed.draw(view({ nowMs: 5_999 }));
  expect(rows(feed)).toHaveLength(5);
  feed.draw(view({ nowMs: 6_000 }));
  expect(rows(feed)).toHaveLength(0);
});
