// What a pane draws on: the canvas, the outline over it, the chip with state and age, and a line that says why.
import { Outline } from "./outline";
import type { Status } from "./status";
import { paneSheet } from "./sheet";
import type { Size } from "./size";

export class Surface {
  readonly canvas = document.createElement("canvas");
  /** What scrolls when the picture is larger than the pane. */
  readonly view = document.createElement("div");
  readonly outline = new Outline();
  private readonly chip = document.createElement("div");
  private readonly text = document.createElement("span");
  private readonly note = document.createElement("p");
  private readonly context: CanvasRenderingContext2D;

  constructor(root: ShadowRoot) {
    root.adoptedStyleSheets = [paneSheet()];
    this.canvas.part.add("canvas");
    this.canvas.hidden = true;
    this.chip.className = "chip";
    this.chip.part.add("chip");
    this.note.className = "note";
    this.note.part.add("note");
    const dot = document.createElement("i");
    dot.className = "dot";
    this.chip.append(dot, this.text);
    this.view.className = "view";
    this.view.part.add("view");
    this.view.append(this.canvas, this.outline.over);
    root.append(this.view, this.chip, this.note);
    const context = this.canvas.getContext("2d", { alpha: false });
    if (context === null) throw new Error("this browser gives no 2d canvas");
    this.context = context;
  }

  draw(bitmap: ImageBitmap): void {
    // Setting a size clears the canvas, so only when it differs.
    if (this.canvas.width !== bitmap.width || this.canvas.height !== bitmap.height) {
      this.canvas.width = bitmap.width;
      this.canvas.height = bitmap.height;
      this.outline.shape(bitmap);
    }
    this.context.drawImage(bitmap, 0, 0);
    this.canvas.hidden = false;
  }

  clear(): void {
    this.canvas.hidden = true;
  }

  /** `zoom` device pixels for each pixel of the picture, or fitted into the pane. */
  scale(natural: Size | null, zoom = 1): void {
    const { style } = this.canvas;
    const middle = natural === null ? null : middleOf(this.view);
    const width = natural === null ? "" : `${(natural.width * zoom) / devicePixelRatio}px`;
    const height = natural === null ? "" : `${(natural.height * zoom) / devicePixelRatio}px`;
    this.view.tabIndex = natural === null ? -1 : 0;
    if (style.width === width && style.height === height) return;
    style.width = width;
    style.height = height;
    // What was in the middle stays there, also when it becomes larger.
    if (middle !== null) {
      const { scrollWidth, scrollHeight, clientWidth, clientHeight } = this.view;
      this.view.scrollTo(middle.x * scrollWidth - clientWidth / 2, middle.y * scrollHeight - clientHeight / 2);
    }
  }

  /** Returns whether the picture is larger than the pane. */
  pan(right: number, down: number): boolean {
    const { view } = this;
    view.scrollBy(right, down);
    return view.scrollWidth > view.clientWidth || view.scrollHeight > view.clientHeight;
  }

  say(status: Status): void {
    this.canvas.classList.toggle("stale", status.isStale);
    this.chip.dataset.tone = status.tone;
    this.chip.dataset.state = status.state;
    this.chip.dataset.stale = String(status.isStale);
    if (this.text.textContent !== status.text) this.text.textContent = status.text;
    const note = status.isStale ? (status.reason ?? "") : "";
    if (this.note.textContent !== note) this.note.textContent = note;
  }
}

/** Where the middle of what is seen lies in the whole, 0 to 1 each way. */
function middleOf({ scrollLeft, scrollTop, scrollWidth, scrollHeight, clientWidth, clientHeight }: HTMLElement): { x: number; y: number } {
  return { x: (scrollLeft + clientWidth / 2) / Math.max(1, scrollWidth), y: (scrollTop + clientHeight / 2) / Math.max(1, scrollHeight) };
}
