// @vitest-environment happy-dom
/** The connection in numbers. */
import { expect, it } from "vitest";

import { NetGraph } from "../../src/hud/netGraph";
import { frame, shownText, view } from "./frames";

it("is there only when it is wanted", () => {
  const graph = new NetGraph();
  graph.draw(view());
  expect(shownText(graph.root)).toBe("");
});

it("says what the connection is like, and what was corrected", () => {
  const graph = new NetGraph();
  const net = { ...frame().net, correctionsTotal: 2, correctionsUnforced: 1, correctionUnits: 12.4 };
  graph.draw(view({ net }, { netGraph: true }));
  expect(shownText(graph.root)).toBe(
    "Ping 40 ms ± 3 Input margin 2.0 ticks Snapshot 90 B × 30/s " +
      "2 corrections, last 12 units, 1 unforced · others drawn 4.0 ticks late",
  );
});

it("is drawn ten times a second and no more often", () => {
  const graph = new NetGraph();
  graph.draw(view({ nowMs: 0 }, { netGraph: true }));
  const later = { ...frame().net, pingMs: 99 };
  graph.draw(view({ nowMs: 99, net: later }, { netGraph: true }));
  expect(shownText(graph.root)).toContain("Ping 40 ms");
  graph.draw(view({ nowMs: 100, net: later }, { netGraph: true }));
  expect(shownText(graph.root)).toContain("Ping 99 ms");
});
