/**
 * Outgoing inputs: two new ticks per message, thirty messages a second. Each message repeats the
 * two of the one before, so that one lost or delayed message costs nothing.
 *
 * Owns: the steps not yet sent, and the last ones that were. Invariants: the steps of a message are
 * for consecutive ticks; while the trigger is pulled, its lag is that of all its new steps.
 */
import type { TickInput } from "./inputHistory";
import { Button, VIEW_LAG_MAX, VIEW_LAG_PER_TICK, type MatchClientMessage } from "../wire/generated";
import { LAG_APART_MAX, STEPS_PER_MESSAGE, STEPS_REPEATED } from "./tuning";

export class InputSender {
  private firstTick = 0;
  private steps: TickInput[] = []; // those already sent come first
  private sentCount = 0;
  private viewLag = 0; // of the first step that was not sent yet

  constructor(private readonly send: (message: MatchClientMessage) => void) {}

  /** The tick after the newest one with an input; 0 before the first. */
  get nextTick(): number {
    return this.firstTick + this.steps.length;
  }

  /** Add the input for `tick`, made while the others were drawn at `othersTick`. */
  put(tick: number, input: TickInput, othersTick: number): void {
    if (tick !== this.nextTick) {
      if (this.steps.length > this.sentCount) this.sendSteps(); // predicted: must be sent
      this.clear();
    }
    if (this.steps.length === 0) this.firstTick = tick;
    const lag = Math.round((tick - othersTick) * VIEW_LAG_PER_TICK);
    const viewLag = Math.max(0, Math.min(VIEW_LAG_MAX, lag));
    if (this.mustPart(input, viewLag)) this.sendSteps();
    if (this.steps.length === this.sentCount) this.viewLag = viewLag;
    this.steps.push({ buttons: input.buttons, aim: input.aim });
    if (this.steps.length === this.sentCount + STEPS_PER_MESSAGE) this.sendSteps();
  }

  /** Drop everything: time jumped, or this is another connection. */
  clear(): void {
    this.firstTick = 0;
    this.steps = [];
    this.sentCount = 0;
  }

  /** Whether the waiting steps go without this one: a shot is judged by its own lag. */
  private mustPart(input: TickInput, viewLag: number): boolean {
    const last = this.steps.at(-1);
    if (last === undefined || this.steps.length === this.sentCount) return false;
    const isApart = Math.abs(viewLag - this.viewLag) > LAG_APART_MAX;
    return isApart && ((input.buttons | last.buttons) & Button.FIRE) !== 0;
  }

  private sendSteps(): void {
    const { firstTick, viewLag, steps } = this;
    this.send({ type: "inputs", firstTick, viewLag, steps });
    this.steps = steps.slice(-STEPS_REPEATED);
    this.firstTick += steps.length - this.steps.length;
    this.sentCount = this.steps.length;
  }
}
