import { describe, expect, it } from "vitest";
import { replayOfAddress } from "../../src/deepLink";
import { replayRows } from "../../src/replay/replayList";
import { agoText } from "../../src/screens/replays";

const ROW = {
  ...{ name: "abc-r0000", mode: "duel", map: "hall", ended_s: 5, seconds: 60 },
  ...{ winner: 1, red: 0, blue: 0 },
  players: [seat(0, "Ada", 0), { ...seat(1, "Dice", 0), bot: true }],
};

function seat(slot: number, name: string, team: number): Record<string, unknown> {
  return { slot, name, team, bot: false, left: false };
}

function outcome(said: Record<string, unknown>): string | undefined {
  return replayRows([{ ...ROW, ...said }])[0]?.outcome;
}

describe("the list of finished matches", () => {
  it("is read as the server writes it", () => {
    expect(replayRows([ROW])).toEqual([
      {
        ...{ name: "abc-r0000", mode: "duel", map: "hall", endedS: 5, seconds: 60 },
        ...{ outcome: "Dice won", people: 1 },
      },
    ]);
  });

  it.each([null, 5, "x", {}, [null], [{ ...ROW, name: 5 }], [{ ...ROW, players: {} }]])(
    "has no row for what is none: %j",
    (said) => {
      expect(replayRows(said)).toEqual([]);
    },
  );

  it("names the winner, whatever the points, and not a player who left that seat before", () => {
    const players = [{ ...seat(1, "Gone", 0), left: true }, seat(0, "Ada", 0), seat(1, "Bo", 0)];
    expect(outcome({ players })).toBe("Bo won");
    expect(outcome({ winner: undefined })).toBe("");
  });

  it("says which side has won, and with how many points", () => {
    const players = [seat(0, "Ada", 1), seat(1, "Bo", 2)];
    expect(outcome({ players, winner: 2, red: 3, blue: 5 })).toBe("Blue won, 5 to 3");
    expect(outcome({ players, winner: 1, red: 3, blue: 1 })).toBe("Red won, 3 to 1");
  });

  it("announces a draw", () => {
    expect(outcome({ winner: -1 })).toBe("a draw");
    const players = [seat(0, "Ada", 1), seat(1, "Bo", 2)];
    expect(outcome({ players, winner: -1, red: 3, blue: 3 })).toBe("a draw, 3 to 3");
  });

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
