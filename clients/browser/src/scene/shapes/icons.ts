/** Signs of pads, the pad's plate, crosshair, hit marker and digits, for the atlas. */
import { BOT_GLYPH, OFFLINE_GLYPH, padGlyph } from "../../glyphs";
import { PICKUP_RESPAWN_TICKS } from "../../lexicon";
import type { Painter } from "./painter";
import { square } from "./glows";

const ICON_SIZE_PX = 56;
const DIGIT_FONT = "800 34px 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif";

export function iconPainters(): Painter[] {
  const kinds = Object.keys(PICKUP_RESPAWN_TICKS).map(Number);
  return [
    ...kinds.map(
      (kind) => square(`pad${kind}`, ICON_SIZE_PX, (c) => paintGlyph(c, padGlyph(kind))),
    ),
    square("offline", ICON_SIZE_PX, (context) => paintGlyph(context, OFFLINE_GLYPH)),
    square("bot", ICON_SIZE_PX, (context) => paintGlyph(context, BOT_GLYPH)),
    square("plate", 112, paintPlate),
    square("cross", 64, paintCross),
    square("hitMarker", 64, paintHitMarker),
    square("dot", 16, (context) => {
      context.fillStyle = "#fff";
      context.beginPath();
      context.arc(0, 0, 5, 0, Math.PI * 2);
      context.fill();
    }),
    ...Array.from({ length: 10 }, (_, digit) => digitPainter(digit)),
  ];
}

function paintGlyph(context: CanvasRenderingContext2D, path: string): void {
  const scale = (ICON_SIZE_PX - 8) / 24;
  context.scale(scale, scale);
  context.translate(-12, -12);
  context.fillStyle = "#fff";
  context.shadowColor = "rgba(0,0,0,0.6)";
  context.shadowBlur = 3;
  context.fill(new Path2D(path), "evenodd");
}

/** An eight-sided plate let into the floor. */
function paintPlate(context: CanvasRenderingContext2D): void {
  octagon(context, 46);
  context.fillStyle = "rgba(8,11,18,0.72)";
  context.fill();
  context.lineWidth = 3;
  context.strokeStyle = "rgba(255,255,255,0.28)";
  context.stroke();
  octagon(context, 53);
  context.lineWidth = 1.5;
  context.strokeStyle = "rgba(255,255,255,0.14)";
  context.stroke();
}

function octagon(context: CanvasRenderingContext2D, radius: number): void {
  context.beginPath();
  for (let corner = 0; corner < 8; corner += 1) {
    const angle = ((corner + 0.5) / 8) * Math.PI * 2;
    context.lineTo(Math.cos(angle) * radius, Math.sin(angle) * radius);
  }
  context.closePath();
}

function paintCross(context: CanvasRenderingContext2D): void {
  for (const [width, colour] of [[6, "rgba(0,0,0,0.55)"], [3, "#fff"]] as const) {
    context.strokeStyle = colour;
    context.lineWidth = width;
    for (let arm = 0; arm < 4; arm += 1) {
      context.rotate(Math.PI / 2);
      context.beginPath();
      context.moveTo(11, 0);
      context.lineTo(22, 0);
      context.stroke();
    }
  }
  context.fillStyle = "#fff";
  context.fillRect(-2, -2, 4, 4);
}

function paintHitMarker(context: CanvasRenderingContext2D): void {
  context.rotate(Math.PI / 4);
  context.strokeStyle = "#fff";
  context.lineWidth = 4;
  for (let arm = 0; arm < 4; arm += 1) {
    context.rotate(Math.PI / 2);
    context.beginPath();
    context.moveTo(14, 0);
    context.lineTo(28, 0);
    context.stroke();
  }
}

function digitPainter(digit: number): Painter {
  return {
    name: `digit${digit}`,
    width: 26,
    height: 40,
    paint: (context) => {
      context.font = DIGIT_FONT;
      context.textAlign = "center";
      context.textBaseline = "middle";
      context.lineJoin = "round";
      context.lineWidth = 6;
      context.strokeStyle = "rgba(6,9,15,0.9)";
      context.strokeText(String(digit), 0, 2);
      context.fillStyle = "#fff";
      context.fillText(String(digit), 0, 2);
    },
  };
}
