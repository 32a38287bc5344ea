/**
 * A clock that only moves when told, sockets that only open when told, and a storage that forgets
 * when told.
 */
import type { Scheduler } from "../src/net/scheduler";
import type { OpenSocket, SocketHandlers } from "../src/net/socket";
import type { TextStorage } from "../src/settings";

export class FakeScheduler implements Scheduler {
  private time = 0;
  private readonly timers = new Set<{ atMs: number; action: () => void }>();

  constructor(private readonly dice: () => number = () => 0.5) {}

  nowMs(): number {
    return this.time;
  }

  random(): number {
    return this.dice();
  }

  after(delayMs: number, action: () => void): () => void {
    const timer = { atMs: this.time + delayMs, action };
    this.timers.add(timer);
    return () => this.timers.delete(timer);
  }

  get timerCount(): number {
    return this.timers.size;
  }

  /** The page sleeps: time passes, and no timer comes before it wakes. */
  sleep(ms: number): void {
    this.time += ms;
  }

  advance(ms: number): void {
    const until = this.time + ms;
    for (;;) {
      const [next] = [...this.timers].sort((one, other) => one.atMs - other.atMs);
      if (next === undefined || next.atMs > until) break;
      this.timers.delete(next);
      this.time = Math.max(this.time, next.atMs);
      next.action();
    }
    this.time = until;
  }
}

export class FakeSocket {
  readonly sent: Uint8Array[] = [];
  isClosedHere = false;
  bufferedBytes = 0;

  constructor(
    readonly path: string,
    readonly handlers: SocketHandlers,
  ) {}

  send(bytes: Uint8Array): void {
    this.sent.push(bytes);
  }

  close(): void {
    this.isClosedHere = true;
  }
}

export class FakeNetwork {
  readonly sockets: FakeSocket[] = [];

  readonly open: OpenSocket = (path, handlers) => {
    const socket = new FakeSocket(path, handlers);
    this.sockets.push(socket);
    return socket;
  };

  get last(): FakeSocket {
    const socket = this.sockets.at(-1);
    if (socket === undefined) throw new Error("no socket was opened");
    return socket;
  }
}

export class FakeStorage implements TextStorage {
  readonly items = new Map<string, string>();
  refuses = false;

  getItem(key: string): string | null {
    if (this.refuses) throw new Error("storage is forbidden");
    return this.items.get(key) ?? null;
  }

  setItem(key: string, value: string): void {
    if (this.refuses) throw new Error("storage is full");
    this.items.set(key, value);
  }
}

/** The same dice on every run (mulberry32). */
export function seededDice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
