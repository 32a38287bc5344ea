/** Flags, their bases, arrows at the screen's edge and the circle's ring, for the atlas. */
import type { Painter } from "./painter";
import { square } from "./glows";

export function objectivePainters(): Painter[] {
  return [
    square("flagCloth", 96, paintCloth),
    square("flagPole", 96, paintPole),
    square("flagBase", 128, paintBase),
    square("arrow", 64, paintArrow),
    { name: "edge", width: 32, height: 16, paint: paintEdge },
  ];
}

/** A cloth in the wind, right of its pole. */
function paintCloth(context: CanvasRenderingContext2D): void {
  context.beginPath();
  context.moveTo(-18, -38);
  context.bezierCurveTo(-4, -48, 8, -28, 34, -38);
  context.lineTo(28, -22);
  context.lineTo(34, -6);
  context.bezierCurveTo(8, 4, -4, -16, -18, -6);
  context.closePath();
  context.fillStyle = "#fff";
  context.fill();
  context.lineWidth = 3;
  context.strokeStyle = "rgba(6,9,15,0.75)";
  context.stroke();
}

function paintPole(context: CanvasRenderingContext2D): void {
  context.lineCap = "round";
  context.lineWidth = 10;
  context.strokeStyle = "rgba(6,9,15,0.75)";
  line(context, -20, -40, -20, 42);
  context.lineWidth = 5;
  context.strokeStyle = "#fff";
  line(context, -20, -40, -20, 42);
}

/** Two rings with gaps, let into the floor. */
function paintBase(context: CanvasRenderingContext2D): void {
  context.fillStyle = "rgba(8,11,18,0.5)";
  context.beginPath();
  context.arc(0, 0, 54, 0, Math.PI * 2);
  context.fill();
  context.strokeStyle = "#fff";
  context.lineWidth = 5;
  for (let part = 0; part < 4; part += 1) {
    context.beginPath();
    context.arc(0, 0, 54, (part / 4) * Math.PI * 2 + 0.2, ((part + 1) / 4) * Math.PI * 2 - 0.2);
    context.stroke();
  }
  context.lineWidth = 2;
  context.globalAlpha = 0.6;
  context.beginPath();
  context.arc(0, 0, 38, 0, Math.PI * 2);
  context.stroke();
  context.globalAlpha = 1;
}

/** Points east. */
function paintArrow(context: CanvasRenderingContext2D): void {
  context.beginPath();
  context.moveTo(28, 0);
  context.lineTo(4, -20);
  context.lineTo(10, 0);
  context.lineTo(4, 20);
  context.closePath();
  context.fillStyle = "#fff";
  context.fill();
  context.lineWidth = 3;
  context.strokeStyle = "rgba(6,9,15,0.8)";
  context.stroke();
}

/** A piece of the circle's edge: bright in the middle of its width. */
function paintEdge(context: CanvasRenderingContext2D): void {
  const across = context.createLinearGradient(0, -8, 0, 8);
  across.addColorStop(0, "rgba(255,255,255,0)");
  across.addColorStop(0.5, "rgba(255,255,255,1)");
  across.addColorStop(1, "rgba(255,255,255,0)");
  context.fillStyle = across;
  context.fillRect(-16, -8, 32, 16);
}

function line(
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  x2: number,
  y2: number,
): void {
  context.beginPath();
  context.moveTo(x, y);
  context.lineTo(x2, y2);
  context.stroke();
}
