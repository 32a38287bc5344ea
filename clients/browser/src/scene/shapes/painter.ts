/** The pictures that the shapes pass to the atlas. */

/** Draws one cell; the origin is the middle of the cell. */
export interface Painter {
  name: string;
  width: number;
  height: number;
  paint: (context: CanvasRenderingContext2D) => void;
}
