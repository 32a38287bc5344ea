/** Round trips of the road, and of nothing else. */
import { expect, it } from "vitest";

import { PingMeter } from "../../src/net/pingMeter";

it("measures a question by its answer", () => {
  const meter = new PingMeter(1_000);
  const nonce = meter.ask(0) ?? -1;
  expect(meter.ask(16)).toBeNull();
  meter.answer(nonce, 40);
  expect(meter.pingMs).toBe(40);
});

it.each([
  ["the answer is read before the first frame", false],
  ["the first frame comes before the answer", true],
])("counts no sleep as a road when %s", (_, isFrameFirst) => {
  const meter = new PingMeter(1_000);
  meter.answer(meter.ask(0) ?? -1, 40);
  for (let ms = 16; ms < 1_000; ms += 16) meter.ask(ms);
  const nonce = meter.ask(1_000) ?? -1;
  expect(nonce).toBeGreaterThan(0);
  if (isFrameFirst) meter.ask(4_000);
  meter.answer(nonce, 4_001);
  expect(meter.pingMs).toBe(40);
  const next = meter.ask(5_000) ?? meter.ask(5_016) ?? -1;
  meter.answer(next, 5_056);
  expect(meter.pingMs).toBeCloseTo(40, -1);
});
