/**
 * Sends the server plain requests, and tests whether a WebSocket gets through at all.
 *
 * Owns: the requests. Must not know: what the answers mean (`trouble.ts`). Invariant: it ends within
 * `TIMEOUT_MS`, and leaves no socket open.
 */
import { urlOf } from "./url";
import type { Answer, Findings } from "./trouble";

/** Diagnoses a failing connection to `path`. */
export type Probe = (path: string) => Promise<Findings>;

const TIMEOUT_MS = 4_000;
const TEXT_CHARACTERS_MAX = 400;

export const probeServer: Probe = async (path) => {
  const [health, door, canEcho] = await Promise.all([
    ask("healthz", "GET"),
    ask(path, "POST"), // a browser sends its origin with a POST, as it does with a WebSocket
    echo().catch(() => false),
  ]);
  return { isOnline: navigator.onLine, health, door, canEcho };
};

async function ask(path: string, method: string): Promise<Answer | null> {
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const response = await fetch(urlOf(path), { method, signal, cache: "no-store" });
    const text = (await response.text()).slice(0, TEXT_CHARACTERS_MAX);
    const retryAfterS = Number.parseInt(response.headers.get("retry-after") ?? "", 10);
    const isKnown = Number.isFinite(retryAfterS);
    return { status: response.status, text, retryAfterS: isKnown ? retryAfterS : null };
  } catch {
    return null;
  }
}

function echo(): Promise<boolean> {
  return new Promise((resolve) => {
    const address = urlOf("echo");
    address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(address);
    const end = (isOpen: boolean): void => {
      clearTimeout(timer);
      socket.close();
      resolve(isOpen);
    };
    const timer = setTimeout(end, TIMEOUT_MS, false);
    socket.onopen = () => {
      end(true);
    };
    socket.onerror = () => {
      end(false);
    };
  });
}
