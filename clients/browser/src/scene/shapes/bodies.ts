/**
 * Players and what they shoot, looking east. One tile is `SHAPE_TILE_PX` pixels; a body fills its
 * collision circle. Light grey parts take the player's tint; the `visor` and the barrels keep their
 * own greys.
 */
import { PLAYER_RADIUS_TILES } from "../../lexicon";
import type { Painter } from "./painter";
import { radial, square } from "./glows";

export const SHAPE_TILE_PX = 96;
const RADIUS_PX = PLAYER_RADIUS_TILES * SHAPE_TILE_PX;

export function playerPainters(): Painter[] {
  return [
    square("body", 96, paintBody),
    square("visor", 52, paintVisor),
    square("selfRing", 128, paintSelfRing),
    square("bubble", 128, paintBubble),
    barrel("barrel0", (context) => {
      block(context, 26, -8, 28, 16, 3);
      block(context, 50, -5, 12, 10, 2);
    }),
    barrel("barrel1", (context) => {
      block(context, 24, -14, 28, 11, 2);
      block(context, 24, 3, 28, 11, 2);
      block(context, 48, -17, 10, 34, 3);
    }),
    barrel("barrel2", (context) => {
      block(context, 22, -13, 38, 26, 4);
      hole(context, 55, -8, 6, 16);
    }),
    barrel("barrel3", (context) => {
      block(context, 22, -9, 49, 7, 1);
      block(context, 22, 2, 49, 7, 1);
      block(context, 20, -9, 14, 18, 3);
    }),
    barrel("barrel4", (context) => {
      block(context, 24, -7, 20, 14, 3);
      context.fillStyle = "#dfe7f2";
      context.beginPath();
      context.arc(52, 0, 14, 0.9, Math.PI * 2 - 0.9);
      context.arc(52, 0, 7, Math.PI * 2 - 0.9, 0.9, true);
      context.fill();
    }),
    { name: "bolt", width: 56, height: 20, paint: paintBolt },
    { name: "rocket", width: 64, height: 32, paint: paintRocket },
    square("disc", 56, paintDisc),
  ];
}

function barrel(name: string, paint: Painter["paint"]): Painter {
  return { name, width: 144, height: 48, paint };
}

function block(
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  width: number,
  height: number,
  round = 2,
): void {
  const gradient = context.createLinearGradient(0, y, 0, y + height);
  gradient.addColorStop(0, "#f4f8ff");
  gradient.addColorStop(0.5, "#b4c1d6");
  gradient.addColorStop(1, "#67748c");
  context.fillStyle = gradient;
  context.strokeStyle = "#0a0e16";
  context.lineWidth = 2.5;
  context.beginPath();
  context.roundRect(x, y, width, height, round);
  context.fill();
  context.stroke();
}

function hole(context: CanvasRenderingContext2D, x: number, y: number, w: number, h: number): void {
  context.fillStyle = "#0a0e16";
  context.fillRect(x, y, w, h);
}

function paintBody(context: CanvasRenderingContext2D): void {
  circle(context, RADIUS_PX, "#0a0e16");
  circle(context, RADIUS_PX - 2.5, "#ffffff");
  circle(context, RADIUS_PX - 11, "#2b2f38");
  // Two shoulders cut the rim, so that the way it looks can be told from the rim alone.
  context.fillStyle = "#2b2f38";
  for (const side of [-1, 1]) {
    context.save();
    context.rotate(side * 2.25);
    context.fillRect(RADIUS_PX - 12, -5, 13, 10);
    context.restore();
  }
  const dome = context.createRadialGradient(-6, -8, 2, 0, 0, RADIUS_PX - 14);
  dome.addColorStop(0, "#ffffff");
  dome.addColorStop(0.55, "#c2c8d2");
  dome.addColorStop(1, "#767d8a");
  circle(context, RADIUS_PX - 14, dome);
}

function paintVisor(context: CanvasRenderingContext2D): void {
  context.fillStyle = "#0a0e16";
  context.beginPath();
  context.moveTo(23, 0);
  context.lineTo(6, -13);
  context.lineTo(10, 0);
  context.lineTo(6, 13);
  context.fill();
  context.fillStyle = "rgba(255,255,255,0.95)";
  context.beginPath();
  context.moveTo(20, 0);
  context.lineTo(9, -8.5);
  context.lineTo(12, 0);
  context.lineTo(9, 8.5);
  context.fill();
}

function paintSelfRing(context: CanvasRenderingContext2D): void {
  context.strokeStyle = "#fff";
  context.lineWidth = 3;
  for (let part = 0; part < 4; part += 1) {
    context.beginPath();
    const middle = (part * Math.PI) / 2 + Math.PI / 4;
    context.arc(0, 0, 58, middle - 0.42, middle + 0.42);
    context.stroke();
  }
}

function paintBubble(context: CanvasRenderingContext2D): void {
  radial(context, 62, [[0, 0.05], [0.7, 0.12], [0.9, 0.4], [0.96, 0.9], [1, 0]]);
  context.strokeStyle = "rgba(255,255,255,0.5)";
  context.lineWidth = 2;
  context.beginPath();
  for (let corner = 0; corner <= 6; corner += 1) {
    const angle = (corner / 6) * Math.PI * 2;
    context.lineTo(Math.cos(angle) * 54, Math.sin(angle) * 54);
  }
  context.stroke();
}

function paintBolt(context: CanvasRenderingContext2D): void {
  context.fillStyle = "rgba(255,255,255,0.55)";
  context.beginPath();
  context.roundRect(-24, -7, 48, 14, 7);
  context.fill();
  context.fillStyle = "#fff";
  context.beginPath();
  context.roundRect(-16, -4, 38, 8, 4);
  context.fill();
}

function paintRocket(context: CanvasRenderingContext2D): void {
  context.fillStyle = "#6d7891";
  context.fillRect(-24, -13, 10, 26); // fins, square to the body
  context.fillRect(-2, -10, 5, 20);
  const shell = context.createLinearGradient(0, -7, 0, 7);
  shell.addColorStop(0, "#ffffff");
  shell.addColorStop(1, "#aab4c6");
  context.fillStyle = shell;
  context.fillRect(-26, -6, 38, 12);
  context.fillStyle = "#ffffff";
  context.beginPath();
  context.moveTo(12, -6);
  context.lineTo(29, 0);
  context.lineTo(12, 6);
  context.fill();
  context.fillStyle = "#0a0e16";
  context.fillRect(4, -6, 4, 12);
}

function paintDisc(context: CanvasRenderingContext2D): void {
  context.strokeStyle = "#fff";
  context.lineWidth = 6;
  context.beginPath();
  context.arc(0, 0, 18, 0, Math.PI * 2);
  context.stroke();
  context.fillStyle = "#fff";
  for (let tooth = 0; tooth < 6; tooth += 1) {
    context.save();
    context.rotate((tooth / 6) * Math.PI * 2);
    context.beginPath();
    context.moveTo(17, -6);
    context.lineTo(27, 4);
    context.lineTo(17, 5);
    context.fill();
    context.restore();
  }
  circle(context, 6, "#ffffff");
}

function circle(
  context: CanvasRenderingContext2D,
  radius: number,
  fill: string | CanvasGradient,
): void {
  context.fillStyle = fill;
  context.beginPath();
  context.arc(0, 0, radius, 0, Math.PI * 2);
  context.fill();
}
