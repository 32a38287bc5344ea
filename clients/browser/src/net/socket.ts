/**
 * One WebSocket of the browser, with the project's subprotocol and binary messages only.
 *
 * Owns: the browser's socket object. Must not know: what the bytes mean, or what to do when it
 * closes. Invariant: after a call of `closed` or `close`, no handler is called any more.
 */
import { SUBPROTOCOL } from "../wire/generated";
import { urlOf } from "./url";

export interface SocketHandlers {
  opened(): void;
  message(bytes: Uint8Array): void;
  closed(code: number, reason: string): void;
}

export interface Socket {
  send(bytes: Uint8Array): void;
  close(): void;
  /** The bytes given to `send` and not sent yet. */
  readonly bufferedBytes: number;
}

export type OpenSocket = (path: string, handlers: SocketHandlers) => Socket;

const CLOSE_NORMAL = 1000;
const CLOSE_UNSUPPORTED = 1003;

/** Opens sockets at the server that this page came from. */
export function openBrowserSocket(path: string, handlers: SocketHandlers): Socket {
  const address = urlOf(path);
  address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
  const socket = new WebSocket(address, SUBPROTOCOL);
  socket.binaryType = "arraybuffer";
  let live = true;
  const end = (code: number, reason: string): void => {
    if (!live) return;
    live = false;
    handlers.closed(code, reason);
  };
  socket.onopen = () => {
    if (live) handlers.opened();
  };
  socket.onmessage = (event: MessageEvent<unknown>) => {
    if (!live) return;
    if (event.data instanceof ArrayBuffer) {
      handlers.message(new Uint8Array(event.data));
    } else {
      socket.close(CLOSE_NORMAL);
      end(CLOSE_UNSUPPORTED, "the server sent text");
    }
  };
  socket.onclose = (event) => {
    end(event.code, event.reason);
  };
  return {
    send: (bytes) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(new Uint8Array(bytes));
    },
    close: () => {
      live = false;
      socket.close(CLOSE_NORMAL);
    },
    get bufferedBytes() {
      return socket.bufferedAmount;
    },
  };
}
