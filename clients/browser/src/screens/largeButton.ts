/** The action of the large button, by the state of the lobby's connection. Pure. */
import type { ConnectionState, NextStep } from "../model";

/** `act` null: there is nothing to do but to wait a moment. */
export interface LargeButton {
  label: string;
  detail: string;
  act: NextStep | "now" | null;
}

const PATIENT_ATTEMPTS = 3; // a lost connection is usually back before a person can click

const LABELS: Readonly<Record<NextStep, string>> = {
  play: "Play",
  reload: "Reload",
  reconnect: "Play here",
  again: "Connect again",
};

/** `mode` is the title of the chosen mode; "" while none is known. */
export function wayOnOf(connection: ConnectionState, mode: string): LargeButton {
  if (connection.kind === "online") {
    return { label: "Play", detail: mode, act: mode === "" ? null : "play" };
  }
  if (connection.kind === "ended") {
    return { label: LABELS[connection.way], detail: "", act: connection.way };
  }
  if (connection.kind !== "offline" && connection.attempt >= PATIENT_ATTEMPTS) {
    return { label: "Try now", detail: "", act: "now" };
  }
  return { label: "Play", detail: "Connecting…", act: null };
}

/** The small button beside the words at the end of a match or a replay. */
export function partingLabel(way: NextStep): string {
  return way === "again" ? "Go on watching" : LABELS[way];
}
