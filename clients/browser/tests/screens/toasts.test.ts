// @vitest-environment happy-dom
/** Refusals in words. */
import { afterEach, expect, it, vi } from "vitest";

import { Toasts } from "../../src/screens/toasts";

afterEach(() => vi.useRealTimers());

it("shows a refusal once, for five seconds", () => {
  vi.useFakeTimers();
  const toasts = new Toasts();
  toasts.show("this room is full");
  expect(toasts.root.textContent).toBe("this room is full");
  vi.advanceTimersByTime(5_000);
  toasts.show("this room is full");
  expect(toasts.root.textContent).toBe("");
  toasts.show("");
  toasts.show("this room is full");
  expect(toasts.root.textContent).toBe("this room is full");
});
