/** However a connection ends, the page has a way on, and the way works. */
import { beforeEach, describe, expect, it } from "vitest";

import { refusalWords } from "../../src/lobby/lobbyState";
import { wayOnOf } from "../../src/screens/largeButton";
import { CloseCode, FINGERPRINT, Refusal } from "../../src/wire/generated";
import { Page, ROOM } from "./page";

const CODES = Object.entries(CloseCode);
let page: Page;

beforeEach(() => {
  page = new Page();
});

/** The large button of the start page, as a person finds it. */
function button(): ReturnType<typeof wayOnOf> {
  return wayOnOf(page.shown.connection, page.shown.modes[0]?.title ?? "");
}

/** Press it, and see the lobby welcome us or the page be fetched anew. */
function pressUntilPlaying(app: ReturnType<Page["start"]>): void {
  const { act } = button();
  if (act === "reload") {
    app.goOn("reload");
    expect(page.reloadCount).toBe(1);
    return;
  }
  if (act === "now") app.tryNow();
  else if (act !== null) app.goOn(act);
  else page.scheduler.advance(10_000); // a line that is tried again by itself
  page.welcome();
  expect(button()).toEqual({ label: "Play", detail: "Duel", act: "play" });
  app.play("duel");
  expect(page.heard().at(-1)).toEqual({ type: "play", mode: "duel" });
}

describe("a lobby", () => {
  it.each(CODES)("that closed with %s can be played in again", (_, code) => {
    const app = page.start();
    page.welcome();
    page.say("room", ROOM);
    page.say("idle");
    page.lobbySocket().handlers.closed(code, "");
    expect(page.shown.activity.kind).toBe("idle");
    pressUntilPlaying(app);
  });

  it("that another tab has is taken back by a press, and says so before", () => {
    const app = page.start();
    page.welcome();
    page.lobbySocket().handlers.closed(CloseCode.REPLACED, "");
    expect(button()).toEqual({ label: "Play here", detail: "", act: "reconnect" });
    expect(page.shown.error).toBe("You are connected in another tab.");
    app.goOn("reconnect");
    expect(page.shown.error).toBe("");
  });

  it("that another tab has is taken back by any request", () => {
    const app = page.start();
    page.welcome();
    page.lobbySocket().handlers.closed(CloseCode.REPLACED, "");
    app.joinMatch("m7");
    page.welcome();
    expect(page.heard().at(-1)).toEqual({ type: "join_match", match: "m7" });
  });

  it("of another version offers a reload, and further advice when that did not help", () => {
    const app = page.start();
    page.welcome("00".repeat(8));
    expect(button().label).toBe("Reload");
    expect(page.shown.trouble).toBeNull();
    app.goOn("reload");
    page.start(); // the same page once more, out of somebody's cache
    page.welcome("00".repeat(8));
    expect(page.storage.getItem("skirmish.reloaded")).toBe(FINGERPRINT);
    expect(page.shown.trouble).toMatchObject({ kind: "stale" });
    expect(button().label).toBe("Reload");
  });

  it("has a button that does something however long it cannot be reached", () => {
    const app = page.start();
    for (let failure = 0; failure < 6; failure += 1) {
      page.lobbySocket().handlers.closed(1006, "");
      expect(button().act).toBe(failure < 2 ? null : "now");
      app.tryNow();
    }
    expect(page.network.sockets).toHaveLength(7);
  });
});

describe("a match", () => {
  it.each(CODES)("that closed with %s is gone back into, or leads to Play", async (_, code) => {
    const app = page.start();
    page.welcome();
    const socket = await page.seated();
    socket.handlers.closed(code, "");
    if (page.shown.activity.kind === "playing") {
      page.scheduler.advance(10_000);
      expect(page.network.last.path).toBe("match/m1");
      app.leaveMatch();
    } else {
      expect(page.shown.error === "").toBe(code === CloseCode.LEFT);
      if (code === CloseCode.OUTDATED) expect(page.shown.parting?.way).toBe("reload");
    }
    expect(page.shown.activity.kind).toBe("idle");
    pressUntilPlaying(app);
  });

  it("that does not come up can be given up", () => {
    const app = page.start();
    page.welcome();
    page.say("seat", { match: "m1", path: "/match/m1", ticket: Uint8Array.of(5), watch: 0 });
    expect(page.shown.activity.kind).toBe("seating");
    page.network.last.handlers.closed(1006, "");
    app.leaveMatch();
    expect(page.shown.activity.kind).toBe("idle");
  });
});

describe("a replay", () => {
  it.each(CODES)("that closed with %s leads back, or resumes", (_, code) => {
    const app = page.start();
    page.welcome();
    app.watchReplay("abc-r0000");
    expect(page.shown.activity.kind).toBe("seating");
    page.network.last.handlers.closed(code, "");
    const { parting, activity } = page.shown;
    if (activity.kind !== "idle") app.leaveMatch();
    else if (parting?.way === "again") {
      app.goOn("again");
      expect(page.network.last.path).toBe("replay/abc-r0000");
      expect(page.shown).toMatchObject({ activity: { kind: "seating" }, parting: null });
      app.leaveMatch();
    }
    expect(page.shown.activity.kind).toBe("idle");
    if (page.shown.parting === null) pressUntilPlaying(app);
    else expect(parting?.way).toBe("reload");
  });

  it("that was closed as unwatched says so in the server's words", () => {
    const app = page.start();
    page.welcome();
    app.watchReplay("abc-r0000");
    page.network.last.handlers.closed(CloseCode.IDLE, "paused for 10 minutes");
    expect(page.shown.parting).toEqual({ words: "Paused for 10 minutes.", way: "again" });
  });
});

describe("a refusal", () => {
  it.each(Object.entries(Refusal))("%s has words of its own where the server gives none", (_, code) => {
    expect(refusalWords(code, "")).toMatch(/^[A-Z].*: .*\.$|^The .*: .*\.$/);
  });
});
