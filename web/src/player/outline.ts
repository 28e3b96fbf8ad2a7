// The outline of the element that is worked on, with what is done with it: over the picture, never in it.
import type { SpotModel } from "@/gen/messages";
import type { Size } from "./size";

/** Room that the label takes above or below the element, CSS px. */
const LABEL = 30;

export class Outline {
  /** Lies on the picture, as large as it is shown. */
  readonly over = document.createElement("div");
  private readonly frame = document.createElement("div");
  private readonly label = document.createElement("b");
  private spot: SpotModel | null = null;
  private ratio = 16 / 9;

  constructor() {
    this.over.className = "over";
    this.over.ariaHidden = "true";
    this.frame.className = "spot";
    this.frame.part.add("highlight");
    this.frame.hidden = true;
    this.label.part.add("highlight-label");
    this.frame.append(this.label);
    this.over.append(this.frame);
  }

  /** The picture has this shape. */
  shape({ width, height }: Size): void {
    this.ratio = width / Math.max(1, height);
    this.over.style.setProperty("--ratio", String(this.ratio));
  }

  show(spot: SpotModel | null): void {
    if (spot === this.spot) return;
    const isAnother = spot !== null && (spot.label !== this.spot?.label || spot.selector !== this.spot.selector);
    this.spot = spot;
    this.frame.hidden = spot === null;
    if (spot === null) return;
    if (this.label.textContent !== spot.label) this.label.textContent = spot.label;
    this.place();
    if (isAnother) this.arrive();
  }

  /** Once more, when the pane has another size. */
  place(): void {
    if (this.spot === null) return;
    const { left, top, right, bottom } = sidesOf(this.spot);
    const percent = (part: number): string => `max(4px, ${(100 * part).toFixed(3)}%)`;
    // The frame is drawn around the element, and stays inside of the picture.
    this.frame.style.inset = [top, right, bottom, left].map(percent).join(" ");
    const { height } = this;
    this.frame.dataset.side = top * height >= LABEL ? "above" : bottom * height >= LABEL ? "below" : "inside";
    this.frame.dataset.align = left > 0.6 ? "end" : "start";
  }

  /** CSS px of the picture; also of one that is not there yet. */
  private get height(): number {
    const view = this.over.parentElement;
    return this.over.clientHeight || Math.min(view?.clientHeight ?? 0, (view?.clientWidth ?? 0) / this.ratio);
  }

  private arrive(): void {
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;
    this.frame.animate([{ opacity: 0, scale: 1.06 }, { opacity: 1, scale: 1 }], { duration: 180, easing: "ease-out" });
  }
}

/** How far an element is from each side of the view, in parts of it (0 to 1). What lies outside is cut off. */
export function sidesOf({ box, width, height }: SpotModel): { left: number; top: number; right: number; bottom: number } {
  const part = (distance: number, whole: number): number => Math.min(1, Math.max(0, distance / whole));
  return {
    left: part(box.x, width),
    top: part(box.y, height),
    right: part(width - box.x - box.width, width),
    bottom: part(height - box.y - box.height, height),
  };
}
