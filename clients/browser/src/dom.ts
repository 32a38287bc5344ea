/**
 * Making and changing elements of the page with few words. Text is always text: nothing here parses
 * markup.
 */

type Child = Node | string;

export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  className = "",
  ...children: Child[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  if (className !== "") made.className = className;
  made.append(...children);
  return made;
}

export function button(className: string, label: Child, act: () => void): HTMLButtonElement {
  const made = element("button", className, label);
  made.type = "button";
  made.addEventListener("click", act);
  return made;
}

/**
 * Writes only what differs: an overlay that is drawn every frame must cost nothing while nothing
 * changes.
 */
export function setText(target: HTMLElement, text: string): void {
  if (target.textContent !== text) target.textContent = text;
}

export function setShown(target: HTMLElement | SVGElement, shown: boolean): void {
  if (target.hasAttribute("hidden") === shown) target.toggleAttribute("hidden", !shown);
}

/** A CSS variable of one element. */
export function setVariable(target: HTMLElement, name: string, value: string): void {
  if (target.style.getPropertyValue(name) !== value) target.style.setProperty(name, value);
}

/**
 * Runs `build` again only when `key` differs from the last time: for lists that are drawn every
 * frame.
 */
export class Rebuilt {
  private key = "";

  constructor(private readonly target: HTMLElement) {}

  show(key: string, build: () => Child[]): void {
    if (key === this.key) return;
    this.key = key;
    this.target.replaceChildren(...build());
  }
}

/** A canvas of the page with sharp pixels, sized in CSS pixels. */
export function canvas(
  className: string,
  width: number,
  height: number,
): { view: HTMLCanvasElement; context: CanvasRenderingContext2D | null } {
  const view = element("canvas", className);
  const density = Math.min(2, window.devicePixelRatio || 1);
  view.width = Math.round(width * density);
  view.height = Math.round(height * density);
  view.style.width = `${width}px`;
  view.style.height = `${height}px`;
  view.setAttribute("aria-hidden", "true");
  const context = view.getContext("2d", { willReadFrequently: true });
  context?.scale(density, density);
  return { view, context };
}
