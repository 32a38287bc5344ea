// @vitest-environment happy-dom
/** Why the connection does not come up. */
import { afterEach, expect, it, vi } from "vitest";

import type { Trouble } from "../../src/model";
import { TroubleCard } from "../../src/screens/troubleCard";
import { shownText } from "../hud/frames";
import { buttonOf } from "./lobby";

const ORIGIN: Trouble = {
  ...{ kind: "origin", sentence: "The server refuses this page.", advice: "Ask its operator." },
  operator: 'net.origins = ["https://play.example"]',
};

afterEach(() => vi.unstubAllGlobals());

it("says what is wrong, what to do, and what the operator changes", () => {
  const card = new TroubleCard();
  card.show(ORIGIN);
  expect(shownText(card.root)).toBe(
    "The server refuses this page. Ask its operator. " +
      'For the people who run this server net.origins = ["https://play.example"] Copy',
  );
  card.show({ ...ORIGIN, operator: "" });
  expect(shownText(card.root)).toBe("The server refuses this page. Ask its operator.");
  card.show(null);
  expect(shownText(card.root)).toBe("");
});

it("copies the lines, and says so until there are others", async () => {
  const writeText = vi.fn(() => Promise.resolve());
  vi.stubGlobal("navigator", { clipboard: { writeText } });
  const card = new TroubleCard();
  card.show(ORIGIN);
  buttonOf(card.root, "Copy").click();
  await Promise.resolve();
  await Promise.resolve();
  expect(writeText).toHaveBeenCalledWith(`${ORIGIN.sentence}\n${ORIGIN.operator}`);
  expect(buttonOf(card.root, "Copied")).toBeDefined();
  card.show({ ...ORIGIN, operator: "other" });
  expect(buttonOf(card.root, "Copy")).toBeDefined();
});
