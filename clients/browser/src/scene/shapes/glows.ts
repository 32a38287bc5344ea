/**
 * Soft light, rings, streaks and arcs: the shapes that effects are made of. White on nothing,
 * tinted by sprites.
 */
import type { Painter } from "./painter";

export const ARC_STEPS = 32;
const ARC_SIZE_PX = 84;
const ARC_RADIUS_PX = 37;

export function glowPainters(): Painter[] {
  return [
    square(
      "glow", 128, (context) => radial(context, 64, [[0, 1], [0.25, 0.55], [0.6, 0.14], [1, 0]]),
    ),
    square(
      "spark", 32, (context) => radial(context, 16, [[0, 1], [0.3, 0.9], [0.55, 0.3], [1, 0]]),
    ),
    square(
      "smoke", 96, (context) => radial(context, 48, [[0, 0.5], [0.5, 0.34], [0.8, 0.1], [1, 0]]),
    ),
    square(
      "shadow", 96, (context) => radial(context, 48, [[0, 1], [0.55, 0.85], [0.8, 0.35], [1, 0]]),
    ),
    square("ring", 160, paintRing),
    square("flare", 160, paintFlare),
    square("scorch", 160, paintScorch),
    { name: "streak", width: 128, height: 16, paint: paintStreak },
    { name: "beam", width: 16, height: 32, paint: paintBeam },
    { name: "pixel", width: 8, height: 8, paint: (context) => fillSquare(context, 8) },
    square("shard", 24, paintShard),
  ];
}

/** `arc0` … `arc32`: a ring from the top, clockwise, over so many 32nds of a turn. */
export function arcPainters(): Painter[] {
  return Array.from({ length: ARC_STEPS + 1 }, (_, step) =>
    square(`arc${step}`, ARC_SIZE_PX, (context) => {
      if (step === 0) return;
      context.strokeStyle = "#fff";
      context.lineWidth = 6;
      context.lineCap = step === ARC_STEPS ? "butt" : "round";
      context.beginPath();
      const start = -Math.PI / 2;
      context.arc(0, 0, ARC_RADIUS_PX, start, start + (step / ARC_STEPS) * Math.PI * 2);
      context.stroke();
    }),
  );
}

export function square(name: string, size: number, paint: Painter["paint"]): Painter {
  return { name, width: size, height: size, paint };
}

export function radial(
  context: CanvasRenderingContext2D,
  radius: number,
  stops: [number, number][],
): void {
  const gradient = context.createRadialGradient(0, 0, 0, 0, 0, radius);
  for (const [at, alpha] of stops) gradient.addColorStop(at, `rgba(255,255,255,${alpha})`);
  context.fillStyle = gradient;
  context.fillRect(-radius, -radius, radius * 2, radius * 2);
}

function fillSquare(context: CanvasRenderingContext2D, size: number): void {
  context.fillStyle = "#fff";
  context.fillRect(-size / 2, -size / 2, size, size);
}

function paintRing(context: CanvasRenderingContext2D): void {
  radial(context, 80, [[0, 0], [0.72, 0], [0.86, 0.35], [0.93, 1], [0.97, 0.5], [1, 0]]);
}

/** A four-pointed star: muzzle flashes and blasts. */
function paintFlare(context: CanvasRenderingContext2D): void {
  radial(context, 60, [[0, 1], [0.2, 0.7], [0.5, 0.15], [1, 0]]);
  context.fillStyle = "#fff";
  context.beginPath();
  for (let point = 0; point < 16; point += 1) {
    const radius = point % 2 === 0 ? (point % 4 === 0 ? 76 : 40) : 13;
    const angle = (point / 16) * Math.PI * 2;
    context.lineTo(Math.cos(angle) * radius, Math.sin(angle) * radius);
  }
  context.fill();
}

function paintScorch(context: CanvasRenderingContext2D): void {
  radial(context, 78, [[0, 0.9], [0.4, 0.65], [0.75, 0.18], [1, 0]]);
  context.strokeStyle = "rgba(255,255,255,0.3)";
  context.lineWidth = 3;
  for (let ray = 0; ray < 13; ray += 1) {
    const angle = ray * 2.4; // the golden angle spreads rays without a pattern
    const length = 40 + ((ray * 37) % 34);
    context.beginPath();
    context.moveTo(Math.cos(angle) * 14, Math.sin(angle) * 14);
    context.lineTo(Math.cos(angle) * length, Math.sin(angle) * length);
    context.stroke();
  }
}

/** Bright at the right end, gone at the left: anchored at its head. */
function paintStreak(context: CanvasRenderingContext2D): void {
  const gradient = context.createLinearGradient(-64, 0, 64, 0);
  gradient.addColorStop(0, "rgba(255,255,255,0)");
  gradient.addColorStop(0.7, "rgba(255,255,255,0.45)");
  gradient.addColorStop(1, "rgba(255,255,255,1)");
  context.fillStyle = gradient;
  context.beginPath();
  context.moveTo(-64, 0);
  context.lineTo(54, -7);
  context.quadraticCurveTo(64, 0, 54, 7);
  context.fill();
}

function paintBeam(context: CanvasRenderingContext2D): void {
  const gradient = context.createLinearGradient(0, -16, 0, 16);
  gradient.addColorStop(0, "rgba(255,255,255,0)");
  gradient.addColorStop(0.42, "rgba(255,255,255,0.4)");
  gradient.addColorStop(0.5, "rgba(255,255,255,1)");
  gradient.addColorStop(0.58, "rgba(255,255,255,0.4)");
  gradient.addColorStop(1, "rgba(255,255,255,0)");
  context.fillStyle = gradient;
  context.fillRect(-8, -16, 16, 32);
}

function paintShard(context: CanvasRenderingContext2D): void {
  context.fillStyle = "#fff";
  context.beginPath();
  context.moveTo(-10, -4);
  context.lineTo(9, -7);
  context.lineTo(5, 8);
  context.lineTo(-6, 6);
  context.fill();
}
