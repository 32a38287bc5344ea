/**
 * The signs of weapons, pickups and medals, as outlines in a 24 × 24 square.
 *
 * Owns: the path texts, in SVG's path language (SVG 2, chapter 9). The HUD puts them into the page,
 * the scene paints them into its atlas: one sign looks the same everywhere.
 */

export const WEAPON_GLYPHS: readonly string[] = [
  "M2 9h13l2-2h5v4h-5v2H9l-2 5H3l1-5H2z", // blaster: a sidearm
  "M3 11h3v2H3zM9 11l12-7 1 2-12 7zM9 11.5h13v2H9zM10 12l12 6-1 2-12-6z", // scatter: three ways
  // launcher: a rocket
  "M12.5 5.5C15 3 18.5 2 22 2c0 3.5-1 7-3.5 9.5l-6.3 6.3-6-6zM5.5 10.5l3 3-5 .8z" +
    "M10.5 15.5l3 3-.8-.2-3.2 3.5zM3 21l1.2-4.2 3 3z",
  // rail: a line through coils
  "M2 11h20v2H2zM6 6l2 0 2 3H8zM6 18l2 0 2-3H8zM14 8h2v8h-2zM18 9h2v6h-2z",
  // disc
  "M12 3l2.6 2.7 3.7-.4.4 3.7L21.4 12l-2.7 3 -.4 3.7-3.7-.4" +
    "L12 21l-2.6-2.7-3.7.4-.4-3.7L2.6 12l2.7-3 .4-3.7 3.7.4z" +
    "M12 8.5a3.5 3.5 0 1 0 .01 0z",
];

export const PICKUP_GLYPHS: Record<number, string> = {
  0: "M9.5 4h5v5.5H20v5h-5.5V20h-5v-5.5H4v-5h5.5z", // health: a cross
  // mega
  1:
    "M12 21C5 16 2.5 12.5 2.5 8.5A5 5 0 0 1 12 6.5 5 5 0 0 1 21.5 8.5C21.5 12.5 19 16 12 21z" +
    "M10.8 8v3H8v2.4h2.8v3h2.4v-3H16V11h-2.8V8z",
  2: "M12 2l8.5 3v6.5c0 5-3.5 8.5-8.5 10.5C7 20 3.5 16.5 3.5 11.5V5z", // armour: a shield
  3: "M12 1.5l3 7 7.5 1-5.5 5 1.5 7.5L12 18l-6.5 4L7 14.5l-5.5-5 7.5-1z", // double damage: a star
};

export const MEDAL_GLYPHS: readonly string[] = [
  "M12 2c4 6 6.5 9 6.5 13a6.5 6.5 0 0 1-13 0C5.5 11 8 8 12 2z", // first blood: a drop
  "M13 1L4 14h6l-2 9 11-14h-7z", // streak: lightning
  // sharpshooter
  "M11 2h2v4.1A6 6 0 0 1 17.9 11H22v2h-4.1A6 6 0 0 1 13 17.9V22" +
    "h-2v-4.1A6 6 0 0 1 6.1 13H2v-2h4.1A6 6 0 0 1 11 6.1z" +
    "M12 10a2 2 0 1 0 .01 0z",
  // untouched
  "M12 2l8.5 3v6.5c0 5-3.5 8.5-8.5 10.5C7 20 3.5 16.5 3.5 11.5V5z" +
    "M10.8 15.8l6-6-1.6-1.6-4.4 4.4-2-2-1.6 1.6z",
];

export const FLAG_GLYPH =
  "M4 2h2v20H4zM7.5 3c4-2 6 2 12.5 0l-2 4.5 2 4.5c-6.5 2-8.5-2-12.5 0z";
export const CIRCLE_GLYPH =
  "M12 2a10 10 0 1 1-.01 0zM12 5a7 7 0 1 0 .01 0zM11 8h2v5h-2zM11 14.5h2v2h-2z";
export const SKULL_GLYPH =
  "M12 2a8 8 0 0 0-8 8c0 3 1.5 5 4 6.3V20h8v-3.7c2.5-1.3 4-3.3 4-6.3a8 8 0 0 0-8-8z" +
    "M8.5 9a2 2 0 1 1-.01 0zM15.5 9a2 2 0 1 1-.01 0z";
export const OFFLINE_GLYPH =
  "M3 3l18 18-1.5 1.5L1.5 4.5zM12 17a2 2 0 1 1-.01 0z" +
    "M5 11a10 10 0 0 1 3-2l2 2a8 8 0 0 0-3.2 2z" +
    "M14 9a10 10 0 0 1 5 2l-1.7 2A8 8 0 0 0 16 12z";
export const BOT_GLYPH =
  "M11 2h2v3h5a2 2 0 0 1 2 2v10a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2V7a2 2 0 0 1 2-2h5z" +
    "M8 9v3h3V9zM13 9v3h3V9zM8 14v2h8v-2z";
export const DASH_GLYPH = "M3 5h4l6 7-6 7H3l6-7zM11 5h4l6 7-6 7h-4l6-7z";

/** The tools of a replay. */
export const REPLAY_GLYPHS = {
  play: "M6 3.5l15 8.5L6 20.5z",
  pause: "M5 4h5v16H5zM14 4h5v16h-5z",
  killBefore: "M4 4h3v16H4zM20 4v16L8.5 12z",
  killNext: "M17 4h3v16h-3zM4 4v16l11.5-8z",
  back: "M16.5 4v16L5 12z",
  on: "M7.5 4v16L19 12z",
  rewind: "M12 4v16L2 12zM22 4v16L12 12z",
  free: "M12 1l4 4.5h-2.8v5.3h5.3V8L23 12l-4.5 4v-2.8h-5.3v5.3H16L12 23l-4-4.5h2.8v-5.3H5.5V16L1 12l4.5-4v2.8h5.3V5.5H8z",
  close: "M5.6 4.2L12 10.6l6.4-6.4 1.4 1.4L13.4 12l6.4 6.4-1.4 1.4L12 13.4l-6.4 6.4-1.4-1.4L10.6 12 4.2 5.6z",
} as const;

/** The sign on a pad: a pickup's own, or that of the weapon it feeds. */
export function padGlyph(kind: number): string {
  return PICKUP_GLYPHS[kind] ?? WEAPON_GLYPHS[kind - 10] ?? "";
}

const SVG_NAMESPACE = "http://www.w3.org/2000/svg";

/**
 * A sign as an element of the page, in the colour of the text around it; `label` for those who
 * cannot see it.
 */
export function glyphElement(path: string, label = ""): SVGSVGElement {
  const svg = document.createElementNS(SVG_NAMESPACE, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "glyph");
  if (label === "") svg.setAttribute("aria-hidden", "true");
  else {
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", label);
    const title = document.createElementNS(SVG_NAMESPACE, "title");
    title.textContent = label;
    svg.append(title);
  }
  const outline = document.createElementNS(SVG_NAMESPACE, "path");
  outline.setAttribute("d", path);
  outline.setAttribute("fill", "currentColor");
  outline.setAttribute("fill-rule", "evenodd");
  svg.append(outline);
  return svg;
}
