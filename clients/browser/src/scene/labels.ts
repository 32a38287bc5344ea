/**
 * Names of players as textures, each painted once and shared; and numbers made of the atlas'
 * digits.
 *
 * Invariant: at most `LABELS_MAX` textures live; the one that was asked for longest ago goes first.
 */
import { CanvasSource, Texture } from "pixi.js";

const LABELS_MAX = 160;
const FONT_PX = 26; // painted at twice its size, for sharp text on dense screens
const FONT = `600 ${FONT_PX}px 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif`;
export const LABEL_SCALE = 0.5;

export class Labels {
  private readonly textures = new Map<string, Texture>();

  of(text: string): Texture {
    const known = this.textures.get(text);
    if (known !== undefined) {
      this.textures.delete(text);
      this.textures.set(text, known); // to the young end
      return known;
    }
    const texture = paint(text);
    this.textures.set(text, texture);
    return texture;
  }

  /** Between two frames, when nothing is drawn with the old ones any more. */
  prune(): void {
    for (const [text, texture] of this.textures) {
      if (this.textures.size <= LABELS_MAX) return;
      this.textures.delete(text);
      texture.destroy(true);
    }
  }

  destroy(): void {
    for (const texture of this.textures.values()) texture.destroy(true);
    this.textures.clear();
  }
}

function paint(text: string): Texture {
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (context === null) return Texture.EMPTY;
  context.font = FONT;
  canvas.width = Math.ceil(context.measureText(text).width) + 16;
  canvas.height = FONT_PX + 14;
  context.font = FONT;
  context.textBaseline = "middle";
  context.lineJoin = "round";
  context.lineWidth = 6;
  context.strokeStyle = "rgba(6,9,15,0.8)";
  context.strokeText(text, 8, canvas.height / 2);
  context.fillStyle = "#fff";
  context.fillText(text, 8, canvas.height / 2);
  return new Texture({ source: new CanvasSource({ resource: canvas }) });
}
