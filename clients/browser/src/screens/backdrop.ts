/**
 * The moving background of the start page: a dim arena with a skirmish of dots that follows no rules.
 *
 * Owns: one small canvas, stretched, drawn 30 times a second, only while seen; still when motion is
 * not wanted, and for good once the machine has shown that it is too much for it: where a processor
 * draws, every moving picture of the page's size takes its time from all else.
 */
import { element } from "../dom";
import type { Settings } from "../settings";
import { cssAlpha, cssColour, schemeOf, type ColourScheme } from "../styles/palette";
import { BackdropFight, FIELD_HEIGHT, FIELD_WIDTH, PILLARS } from "./backdropFight";
import { FrameRate } from "./frameRate";

const EVERY_MS = 33;
const STEP_MS_MAX = 60;
const PREROLL_MS = 4000; // so that the first picture is already a fight

export class Backdrop {
  readonly root = element("div", "backdrop");
  private readonly view = element("canvas", "");
  private readonly context = this.view.getContext("2d", { willReadFrequently: true });
  private readonly fight = new BackdropFight();
  private readonly floor = element("canvas", "");
  private running = false;
  private lastMs = 0;
  private readonly frameRate = new FrameRate();

  constructor(private readonly settings: Settings) {
    this.root.setAttribute("aria-hidden", "true");
    for (const view of [this.view, this.floor]) {
      view.width = FIELD_WIDTH;
      view.height = FIELD_HEIGHT;
    }
    this.root.append(this.view);
    for (let past = 0; past < PREROLL_MS; past += EVERY_MS) this.fight.advance(EVERY_MS / 1000);
    this.repaint();
    settings.onChange(() => this.repaint());
  }

  run(running: boolean): void {
    this.root.toggleAttribute("hidden", !running);
    if (running === this.running) return;
    this.running = running;
    this.frameRate.pause();
    if (running) requestAnimationFrame((now) => this.tick(now));
  }

  private tick(now: number): void {
    if (!this.running || this.frameRate.isTooSlow(now)) return;
    requestAnimationFrame((next) => this.tick(next));
    if (now - this.lastMs < EVERY_MS || this.settings.values.reducedMotion) return;
    this.fight.advance(Math.min(STEP_MS_MAX, now - this.lastMs) / 1000);
    this.lastMs = now;
    this.draw(schemeOf(this.settings.values));
  }

  private repaint(): void {
    const scheme = schemeOf(this.settings.values);
    const context = this.floor.getContext("2d", { willReadFrequently: true });
    if (context !== null) paintFloor(context, scheme);
    this.draw(scheme);
  }

  private draw(scheme: ColourScheme): void {
    const { context } = this;
    if (context === null) return;
    context.globalCompositeOperation = "source-over";
    context.drawImage(this.floor, 0, 0);
    context.globalCompositeOperation = "lighter";
    for (const shot of this.fight.shots) {
      context.strokeStyle = cssColour(scheme.players[shot.colour] ?? scheme.accent);
      context.globalAlpha = 0.9;
      context.lineWidth = 2.5;
      context.beginPath();
      context.moveTo(shot.x - shot.vx * 0.05, shot.y - shot.vy * 0.05);
      context.lineTo(shot.x, shot.y);
      context.stroke();
    }
    for (const blast of this.fight.blasts) {
      context.globalAlpha = (1 - blast.age) * 0.8;
      context.strokeStyle = cssColour(scheme.warm);
      context.lineWidth = 5 * (1 - blast.age);
      context.beginPath();
      context.arc(blast.x, blast.y, 6 + 34 * Math.sqrt(blast.age), 0, Math.PI * 2);
      context.stroke();
    }
    context.globalAlpha = 1;
    context.globalCompositeOperation = "source-over";
    for (const fighter of this.fight.fighters) {
      const colour = scheme.players[fighter.colour] ?? scheme.accent;
      drawFighter(context, fighter, colour);
    }
  }
}

function drawFighter(
  context: CanvasRenderingContext2D,
  fighter: { x: number; y: number; aim: number },
  colour: number,
): void {
  context.fillStyle = cssAlpha(colour, 0.16);
  context.beginPath();
  context.arc(fighter.x, fighter.y, 21, 0, Math.PI * 2);
  context.fill();
  context.strokeStyle = "#dfe7f2";
  context.lineWidth = 5;
  context.beginPath();
  context.moveTo(fighter.x, fighter.y);
  context.lineTo(fighter.x + Math.cos(fighter.aim) * 16, fighter.y + Math.sin(fighter.aim) * 16);
  context.stroke();
  context.fillStyle = cssColour(colour);
  context.beginPath();
  context.arc(fighter.x, fighter.y, 10, 0, Math.PI * 2);
  context.fill();
}

function paintFloor(context: CanvasRenderingContext2D, scheme: ColourScheme): void {
  context.fillStyle = cssColour(scheme.floor);
  context.fillRect(0, 0, FIELD_WIDTH, FIELD_HEIGHT);
  context.fillStyle = cssAlpha(scheme.floorLine, 0.07);
  for (let x = 0; x < FIELD_WIDTH; x += 32) context.fillRect(x, 0, 1, FIELD_HEIGHT);
  for (let y = 0; y < FIELD_HEIGHT; y += 32) context.fillRect(0, y, FIELD_WIDTH, 1);
  for (const [x, y, width, height] of PILLARS) {
    context.shadowColor = "rgba(0,0,0,0.6)";
    context.shadowBlur = 14;
    context.shadowOffsetX = 6;
    context.shadowOffsetY = 10;
    context.fillStyle = cssColour(scheme.wallFace);
    context.fillRect(x, y, width, height);
    context.shadowColor = "transparent";
    context.fillStyle = cssColour(scheme.wallTop);
    context.fillRect(x, y, width, height - 10);
    context.strokeStyle = cssAlpha(scheme.wallEdge, 0.7);
    context.lineWidth = 2;
    context.strokeRect(x + 1, y + 1, width - 2, height - 12);
  }
}
