// @vitest-environment happy-dom
/** Hits: from which side they came, and how red the edge is. */
import { expect, it } from "vitest";

import { DamageEdge } from "../../src/hud/damage";
import { EventKind } from "../../src/lexicon";
import type { Frame } from "../../src/model";
import { player, view } from "./frames";

const HIT = { kind: EventKind.HIT, tick: 1, fields: { victim: 0, attacker: 1, damage: 35 } };

function drawn(values: Partial<Frame>): { edge: DamageEdge; arcs: HTMLElement[]; vignette: HTMLElement } {
  const edge = new DamageEdge();
  edge.draw(view(values));
  const arcs = [...edge.root.querySelectorAll<HTMLElement>(".hit-arc:not([hidden])")];
  return { edge, arcs, vignette: edge.root.querySelector(".vignette") as HTMLElement };
}

it("points to the attacker: above is no turn, to the right a quarter", () => {
  const above = [player(0), player(1, { y: -1_000 })];
  const right = [player(0), player(1, { x: 1_000 })];
  const angles = [above, right].map((players) =>
    parseFloat(drawn({ players, events: [HIT] }).arcs[0]?.style.getPropertyValue("--angle") ?? ""),
  );
  expect(angles[0]).toBeCloseTo(0, 2);
  expect(angles[1]).toBeCloseTo(Math.PI / 2, 2);
});

it("does not betray an attacker who is out of sight, but flashes", () => {
  const { arcs, vignette } = drawn({ players: [player(0), player(1, { seen: false })], events: [HIT] });
  expect(arcs).toEqual([]);
  expect(vignette.hasAttribute("hidden")).toBe(false);
});

it("fades within a second", () => {
  const { edge } = drawn({ nowMs: 0, events: [HIT] });
  edge.draw(view({ nowMs: 901 }));
  expect(edge.root.querySelectorAll(".hit-arc:not([hidden])")).toHaveLength(0);
});

it("is red while health is low, and not for the dead", () => {
  const low = drawn({ players: [player(0, { health: 10 })] }).vignette;
  expect(low.style.getPropertyValue("--alpha")).toBe("0.50");
  expect(drawn({ players: [player(0, { health: 10, alive: false })] }).vignette.hasAttribute("hidden")).toBe(true);
});
