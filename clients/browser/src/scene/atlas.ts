/**
 * Every picture of the scene, drawn once into one canvas, so that sprites share one texture and one
 * draw call.
 *
 * Owns: the cells of the atlas and their packing. Shapes are white and grey: sprites tint them.
 * Must not know the match. Invariant: cells never overlap; `CELL_PADDING_PX` clear pixels lie
 * around each, so that scaling bleeds nothing in.
 */
import { CanvasSource, Rectangle, Texture } from "pixi.js";

import { ARC_STEPS, arcPainters, glowPainters } from "./shapes/glows";
import { iconPainters } from "./shapes/icons";
import { playerPainters } from "./shapes/bodies";
import { objectivePainters } from "./shapes/objectives";
import type { Painter } from "./shapes/painter";

const ATLAS_WIDTH_PX = 1024;
const ATLAS_HEIGHT_PX = 2048;
const CELL_PADDING_PX = 2;

export class Atlas {
  private readonly cells = new Map<string, Texture>();
  private readonly source: CanvasSource;

  constructor() {
    const canvas = document.createElement("canvas");
    canvas.width = ATLAS_WIDTH_PX;
    canvas.height = ATLAS_HEIGHT_PX;
    const context = canvas.getContext("2d", { willReadFrequently: true });
    if (context === null) throw new Error("this browser draws no 2D canvas");
    const painters = [
      ...playerPainters(), ...glowPainters(), ...iconPainters(), ...arcPainters(),
      ...objectivePainters(),
    ];
    this.source = new CanvasSource({
      resource: canvas,
      autoGenerateMipmaps: true,
      mipmapFilter: "nearest", // half the reads of a blend between two levels, with no visible difference
    });
    for (const { painter, x, y } of packed(painters)) {
      paintCell(context, painter, x, y);
      const frame = new Rectangle(x, y, painter.width, painter.height);
      this.cells.set(painter.name, new Texture({ source: this.source, frame }));
    }
  }

  cell(name: string): Texture {
    const texture = this.cells.get(name);
    if (texture === undefined) throw new Error(`the atlas has no cell ${name}`);
    return texture;
  }

  /** The cell of a ring that is filled from the top to `share` (0 … 1) of the turn. */
  arc(share: number): Texture {
    const step = Math.round(Math.min(1, Math.max(0, share)) * ARC_STEPS);
    return this.cell(`arc${step}`);
  }

  destroy(): void {
    for (const texture of this.cells.values()) texture.destroy();
    this.source.destroy();
  }
}

interface Placed {
  painter: Painter;
  x: number;
  y: number;
}

/** Rows of cells, the tall ones first: simple, and full enough. */
function packed(painters: Painter[]): Placed[] {
  const placed: Placed[] = [];
  let x = CELL_PADDING_PX;
  let y = CELL_PADDING_PX;
  let rowHeight = 0;
  for (const painter of [...painters].sort((a, b) => b.height - a.height)) {
    if (x + painter.width + CELL_PADDING_PX > ATLAS_WIDTH_PX) {
      x = CELL_PADDING_PX;
      y += rowHeight + CELL_PADDING_PX;
      rowHeight = 0;
    }
    placed.push({ painter, x, y });
    x += painter.width + CELL_PADDING_PX;
    rowHeight = Math.max(rowHeight, painter.height);
  }
  if (y + rowHeight > ATLAS_HEIGHT_PX) throw new Error("the atlas is full");
  return placed;
}

function paintCell(
  context: CanvasRenderingContext2D,
  painter: Painter,
  x: number,
  y: number,
): void {
  context.save();
  context.beginPath();
  context.rect(x, y, painter.width, painter.height);
  context.clip();
  context.translate(x + painter.width / 2, y + painter.height / 2);
  painter.paint(context);
  context.restore();
}
