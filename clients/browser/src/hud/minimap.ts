/**
 * The whole arena in a corner: walls once as a picture, full pads, the local player, and others as
 * dots.
 */
import { canvas, element } from "../dom";
import { TILE_UNITS, radians } from "../lexicon";
import type { Arena, Disc } from "../model";
import { padColour } from "../scene/floor";
import { isWall } from "../scene/walls";
import { cssAlpha, cssColour, type ColourScheme } from "../styles/palette";
import type { HudView, Widget } from "./view";

const WIDTH_PX = 176;
const HEIGHT_PX = 132;
const EVERY_MS = 50; // 20 pictures a second are enough for dots

export class Minimap implements Widget {
  readonly root = element("section", "minimap");
  private readonly context: CanvasRenderingContext2D | null;
  private walls: { arena: Arena; scheme: ColourScheme; picture: HTMLCanvasElement } | null = null;
  private drawnMs = -Infinity;

  constructor() {
    const { view, context } = canvas("", WIDTH_PX, HEIGHT_PX);
    this.context = context;
    this.root.append(view);
  }

  draw(view: HudView): void {
    const { frame, scheme } = view;
    if (this.context === null || frame.nowMs - this.drawnMs < EVERY_MS) return;
    this.drawnMs = frame.nowMs;
    const { arena } = frame;
    const scale = Math.min(WIDTH_PX / arena.width, HEIGHT_PX / arena.height);
    const picture = this.pictureOf(arena, scheme);
    this.context.setTransform(picture.width / WIDTH_PX, 0, 0, picture.height / HEIGHT_PX, 0, 0);
    this.context.clearRect(0, 0, WIDTH_PX, HEIGHT_PX);
    this.context.drawImage(picture, 0, 0, WIDTH_PX, HEIGHT_PX);
    const left = (WIDTH_PX - arena.width * scale) / 2;
    const top = (HEIGHT_PX - arena.height * scale) / 2;
    this.context.translate(left, top);
    this.context.scale(scale, scale);
    this.drawPads(view, this.context);
    this.drawCircle(view, this.context);
    this.drawFlags(view, this.context);
    this.drawPlayers(view, this.context);
  }

  private drawPads({ frame, scheme }: HudView, context: CanvasRenderingContext2D): void {
    frame.arena.pads.forEach((pad, index) => {
      const ready = (frame.padReadyTicks[index] ?? 0) <= frame.tick;
      context.fillStyle = cssAlpha(padColour(scheme, pad.kind), ready ? 0.9 : 0.22);
      context.fillRect(pad.x / TILE_UNITS - 0.5, pad.y / TILE_UNITS - 0.5, 1, 1);
    });
  }

  private drawCircle({ frame, scheme }: HudView, context: CanvasRenderingContext2D): void {
    const { arena, circle } = frame;
    if (circle === null) return;
    const ring = ({ x, y, radius }: Disc): void => {
      context.arc(x / TILE_UNITS, y / TILE_UNITS, radius / TILE_UNITS, 0, Math.PI * 2);
    };
    context.beginPath();
    context.rect(0, 0, arena.width, arena.height);
    ring(circle.now);
    context.fillStyle = cssAlpha(scheme.danger, 0.3);
    context.fill("evenodd");
    context.lineWidth = arena.width / 80;
    context.beginPath();
    ring(circle.now);
    context.strokeStyle = cssColour(scheme.danger);
    context.stroke();
    if (frame.tick >= circle.endTick) return;
    context.beginPath();
    ring(circle.next);
    context.strokeStyle = cssAlpha(0xffffff, 0.85);
    context.stroke();
  }

  private drawFlags(view: HudView, context: CanvasRenderingContext2D): void {
    const size = view.frame.arena.width / 20;
    for (const { team, x, y, seen } of view.frame.flags) {
      if (!seen) continue;
      const [left, top] = [x / TILE_UNITS, y / TILE_UNITS];
      context.fillStyle = "#fff";
      context.fillRect(left - size * 0.08, top - size, size * 0.16, size);
      context.fillStyle = cssColour(view.colourOfSide(team));
      context.fillRect(left, top - size, size * 0.8, size * 0.55);
    }
  }

  private drawPlayers(view: HudView, context: CanvasRenderingContext2D): void {
    for (const player of view.frame.players) {
      if (!player.seen || !player.alive || player === view.me) continue;
      context.fillStyle = cssColour(view.colour(player));
      context.beginPath();
      const radius = Math.max(0.75, view.frame.arena.width / 90);
      context.arc(player.x / TILE_UNITS, player.y / TILE_UNITS, radius, 0, Math.PI * 2);
      context.fill();
    }
    const { me } = view;
    if (me === undefined || !me.seen || !me.alive) return;
    context.save();
    context.translate(me.x / TILE_UNITS, me.y / TILE_UNITS);
    context.rotate(radians(me.aim));
    const size = Math.max(1, view.frame.arena.width / 60);
    context.scale(size, size);
    context.fillStyle = "#fff";
    context.beginPath();
    context.moveTo(1.9, 0);
    context.lineTo(-1.1, -1.2);
    context.lineTo(-0.5, 0);
    context.lineTo(-1.1, 1.2);
    context.fill();
    context.restore();
  }

  private pictureOf(arena: Arena, scheme: ColourScheme): HTMLCanvasElement {
    if (this.walls?.arena === arena && this.walls.scheme === scheme) return this.walls.picture;
    const { view: picture, context } = canvas("", WIDTH_PX, HEIGHT_PX);
    const scale = Math.min(WIDTH_PX / arena.width, HEIGHT_PX / arena.height);
    const left = (WIDTH_PX - arena.width * scale) / 2;
    const top = (HEIGHT_PX - arena.height * scale) / 2;
    context?.translate(left, top);
    context?.scale(scale, scale);
    if (context !== null) {
      context.fillStyle = cssAlpha(scheme.floor, 0.85);
      context.fillRect(0, 0, arena.width, arena.height);
      context.fillStyle = cssColour(scheme.wallTop);
      for (let row = 0; row < arena.height; row += 1) {
        for (let column = 0; column < arena.width; column += 1) {
          if (isWall(arena, column, row)) context.fillRect(column, row, 1.02, 1.02);
        }
      }
    }
    this.walls = { arena, scheme, picture };
    return picture;
  }
}
