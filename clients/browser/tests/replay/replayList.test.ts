import { describe, expect, it } from "vitest";
import { replayOfAddress } from "../../src/deepLink";
import { replayRows } from "../../src/replay/replayList";
import { agoText } from "../../src/screens/replays";

const ROW = {
  ...{ name: "abc-r0000", mode: "duel", map: "hall", ended_s: 5, seconds: 60 },
  players: [{ name: "Ada", bot: false }, { name: "Dice", bot: true }],
};

describe("the list of finished matches", () => {
  it("is read as the server writes it", () => {
    expect(replayRows([ROW])).toEqual([
      {
        ...{ name: "abc-r0000", mode: "duel", map: "hall", endedS: 5, seconds: 60 },
        ...{ best: "Ada", people: 1 },
      },
    ]);
  });

  it.each([null, 5, "x", {}, [null], [{ ...ROW, name: 5 }], [{ ...ROW, players: {} }]])(
    "has no row for what is none: %j",
    (said) => {
      expect(replayRows(said)).toEqual([]);
    },
  );

  it("tells roughly how long ago a match was", () => {
    expect(agoText(0, 30)).toBe("just now");
    expect(agoText(0, 600)).toBe("10 min ago");
    expect(agoText(0, 7_200)).toBe("2 h ago");
    expect(agoText(0, 400_000)).toBe("4 days ago");
  });
});

describe("an address", () => {
  it("may ask for a replay, by its name and nothing else", () => {
    expect(replayOfAddress("?replay=abc-r0000")).toBe("abc-r0000");
    expect(replayOfAddress("?replay=../secret")).toBeNull();
    expect(replayOfAddress("?room=QWERT")).toBeNull();
  });
});
