// What a pane draws on: the canvas, the chip with state and age, and a line that says why.
import type { Status } from "./status";
import { paneSheet } from "./sheet";
import type { Size } from "./size";

export class Surface {
  readonly canvas = document.createElement("canvas");
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
    const view = document.createElement("div");
    view.className = "view";
    view.append(this.canvas);
    root.append(view, this.chip, this.note);
    const context = this.canvas.getContext("2d", { alpha: false });
    if (context === null) throw new Error("this browser gives no 2d canvas");
    this.context = context;
  }

  draw(bitmap: ImageBitmap): void {
    // Setting a size clears the canvas, so only when it differs.
    if (this.canvas.width !== bitmap.width || this.canvas.height !== bitmap.height) {
      this.canvas.width = bitmap.width;
      this.canvas.height = bitmap.height;
    }
    this.context.drawImage(bitmap, 0, 0);
    this.canvas.hidden = false;
  }

  clear(): void {
    this.canvas.hidden = true;
  }

  /** One picture pixel on one device pixel, or fitted into the pane. */
  scale(natural: Size | null): void {
    const { style } = this.canvas;
    style.width = natural === null ? "" : `${natural.width / devicePixelRatio}px`;
    style.height = natural === null ? "" : `${natural.height / devicePixelRatio}px`;
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
