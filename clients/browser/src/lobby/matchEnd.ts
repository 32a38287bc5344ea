/** What a person is told when a match session ended, and what goes without saying. */
import type { ConnectionState } from "../model";
import { CloseCode } from "../wire/generated";

type Ended = Extract<ConnectionState, { kind: "ended" }>;

/** The words for the end of a match connection; "" when the person knows already. */
export function farewell(end: Ended, wasSeen: boolean): string {
  if (end.code === CloseCode.LEFT) return "";
  // A seat from before a reload that is gone by now: the start page says enough.
  if (end.code === CloseCode.TICKET && !wasSeen) return "";
  return end.reason;
}
