/** A connection that comes back: when it waits and gives up, and that it leaves nothing behind. */
import { beforeEach, describe, expect, it } from "vitest";

import type { Close } from "../../src/net/closeWords";
import { Connection } from "../../src/net/connection";
import { FakeNetwork, FakeScheduler } from "../fakes";

const FINAL = 4002;
const GREETING = Uint8Array.of(1);
const LIMITS = { connectTimeoutMs: 10_000, silenceTimeoutMs: 4_000 };

/** The smallest connection: it says nothing, and is online or over when the test says so. */
class QuietConnection extends Connection {
  readonly path = "/somewhere";

  accept(): void {
    this.becomeOnline();
  }

  finish(): void {
    this.end(4000, "left", "play");
  }

  protected greeting(): Uint8Array {
    return GREETING;
  }

  protected receive(): void {
    // Whatever it is.
  }

  protected meaning(code: number, reason: string): Close {
    if (code === FINAL) return { words: "It is over.", way: "reconnect" };
    return { words: reason === "" ? "the connection was lost" : reason, way: null };
  }

  protected changed(): void {
    // Nobody is told.
  }
}

let scheduler: FakeScheduler;
let network: FakeNetwork;
let connection: QuietConnection;

beforeEach(() => {
  scheduler = new FakeScheduler(() => 1 - Number.EPSILON);
  network = new FakeNetwork();
  connection = new QuietConnection(network.open, scheduler, LIMITS);
});

function comeOnline(): void {
  connection.connect();
  network.last.handlers.opened();
  connection.accept();
}

describe("a connection", () => {
  it("counts down to its next try, and tries then", () => {
    comeOnline();
    network.last.handlers.closed(1006, "");
    const reason = "the connection was lost";
    expect(connection.state).toEqual({ kind: "retrying", attempt: 1, inMs: 20, reason });
    scheduler.advance(12);
    expect(connection.state).toMatchObject({ kind: "retrying", inMs: 8 });
    scheduler.advance(8);
    expect(connection.state).toEqual({ kind: "connecting", attempt: 1 });
    expect(network.sockets).toHaveLength(2);
  });

  it("waits longer with every failure, and starts over once it was online for a while", () => {
    connection.connect();
    const waits = [1, 2, 3].map(() => {
      network.last.handlers.closed(1006, "");
      const { state } = connection;
      const waitMs = state.kind === "retrying" ? state.inMs : 0;
      scheduler.advance(waitMs);
      return waitMs;
    });
    expect(waits).toEqual([20, 200, 400]);
    connection.accept();
    network.last.handlers.closed(1006, ""); // a server that accepts, and hangs up at once
    expect(connection.state).toMatchObject({ attempt: 4, inMs: 800 });
    scheduler.advance(800);
    connection.accept();
    scheduler.advance(3_000);
    network.last.handlers.closed(1006, "");
    expect(connection.state).toMatchObject({ attempt: 1, inMs: 20 });
  });

  it("does not retry when a retry cannot help", () => {
    comeOnline();
    network.last.handlers.closed(FINAL, "");
    const ended = { kind: "ended", code: FINAL, reason: "It is over.", way: "reconnect" };
    expect(connection.state).toEqual(ended);
    scheduler.advance(60_000);
    expect(network.sockets).toHaveLength(1);
  });

  it("gives up on a server that does not answer", () => {
    connection.connect();
    scheduler.advance(LIMITS.connectTimeoutMs);
    expect(connection.state.kind).toBe("retrying");
    expect(network.last.isClosedHere).toBe(true);
  });

  it("gives up on a socket that went silent, but not on one that speaks", () => {
    comeOnline();
    for (let second = 0; second < 20; second += 1) {
      scheduler.advance(1_000);
      network.last.handlers.message(new Uint8Array());
    }
    expect(connection.state.kind).toBe("online");
    scheduler.advance(LIMITS.silenceTimeoutMs);
    expect(connection.state.kind).not.toBe("online");
    expect(network.sockets[0]?.isClosedHere).toBe(true);
  });

  it("comes back at once when asked to, and only once", () => {
    comeOnline();
    network.last.handlers.closed(1006, "");
    connection.retryNow();
    connection.retryNow();
    scheduler.advance(1_000);
    expect(network.sockets).toHaveLength(2);
  });

  it("says who it is on every socket, as soon as that is open", () => {
    connection.connect();
    expect(network.last.sent).toEqual([]);
    network.last.handlers.opened();
    expect(network.last.sent).toEqual([GREETING]);
    network.last.handlers.closed(1006, "");
    connection.retryNow();
    network.last.handlers.opened();
    expect(network.last.sent).toEqual([GREETING]);
    expect(network.sockets).toHaveLength(2);
  });

  it("begins anew after an end when it is asked to, and only then", () => {
    connection.reconnect();
    expect(network.sockets).toHaveLength(0);
    comeOnline();
    network.last.handlers.closed(FINAL, "");
    connection.reconnect();
    connection.reconnect();
    expect(network.sockets).toHaveLength(2);
    connection.accept();
    expect(connection.state.kind).toBe("online");
  });

  it("leaves no timer and no open socket when it ends", () => {
    comeOnline();
    connection.finish();
    expect(network.last.isClosedHere).toBe(true);
    expect(scheduler.timerCount).toBe(0);
    connection.connect();
    expect(network.sockets).toHaveLength(1);
  });

  it("never has two sockets open, whatever happens in which order", () => {
    const actions = [
      () => {
        connection.connect();
      },
      () => {
        network.last.handlers.opened();
        connection.accept();
      },
      () => {
        if (!network.last.isClosedHere) network.last.handlers.closed(1006, "");
      },
      () => {
        connection.drop("test");
      },
      () => {
        connection.retryNow();
      },
      () => {
        scheduler.advance(700);
      },
    ];
    connection.connect();
    for (let number = 0; number < 3_000; number += 1) {
      actions[(number * 7 + (number >> 3) * 5 + (number >> 5)) % actions.length]?.();
      const open = network.sockets.filter((socket) => !socket.isClosedHere);
      expect(open.length).toBeLessThanOrEqual(1);
    }
  });
});

describe("a page that slept", () => {
  it("does not take the server for silent before it could read what was said", () => {
    comeOnline();
    scheduler.sleep(60_000);
    scheduler.advance(0); // timers come before messages
    expect(connection.state.kind).toBe("online");
    network.last.handlers.message(Uint8Array.of(1));
    scheduler.advance(3_999);
    expect(connection.state.kind).toBe("online");
  });

  it("still notices a server that says nothing after that", () => {
    comeOnline();
    scheduler.sleep(60_000);
    scheduler.advance(0);
    scheduler.advance(4_000);
    expect(connection.state.kind).toBe("retrying");
  });

  it("gives a server that was just called as long again to answer", () => {
    connection.connect();
    scheduler.sleep(60_000);
    scheduler.advance(0);
    expect(connection.state.kind).toBe("connecting");
    network.last.handlers.opened();
    connection.accept();
    expect(connection.state.kind).toBe("online");
  });

  it("leaves no timer behind", () => {
    comeOnline();
    scheduler.sleep(60_000);
    scheduler.advance(0);
    connection.finish();
    expect(scheduler.timerCount).toBe(0);
  });
});
