// Says on the page that it is shared. It cannot be switched off, and a page that takes it away is not shared.
import type { Phase } from "../messages";
import { html, Layer } from "./layer";
import { orphan } from "./orphan";

const CSS = `
.sign { position: absolute; left: 12px; bottom: 12px; display: flex; align-items: center; gap: 7px; box-sizing: border-box; height: 28px; max-width: calc(100% - 24px);
  padding: 0 11px 0 9px; border: 1px solid rgb(255 255 255 / .22); border-radius: 14px; background: rgb(15 18 24 / .9); color: #f4f6fa; overflow: hidden;
  font: 500 12px/1 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; letter-spacing: 0; white-space: nowrap; box-shadow: 0 2px 10px rgb(0 0 0 / .3); }
.dot { flex: none; width: 9px; height: 9px; border-radius: 50%; background: #32d583; }
.sign[data-phase="waiting"] .dot { background: #fdb022; }
.sign[data-phase="off"] .dot { background: #f97066; }
@media print { .sign { display: none; } }
@media (forced-colors: active) { .sign { border-color: CanvasText; } .dot { forced-color-adjust: none; } }
`;
const WORDS: Readonly<Record<Phase, string>> = {
  live: "Shared with Livepane",
  waiting: "Shared with Livepane · waiting",
  off: "Livepane cannot share this page",
};
/** A page that takes it away more often than this within FIGHT_MS does so on purpose. */
const MOST_FIGHTS = 20;
const FIGHT_MS = 10_000;

export class Indicator {
  private readonly layer = new Layer("livepane-indicator", CSS);
  private readonly sign = html("div");
  private readonly words = html("span");
  private readonly observer = new MutationObserver((records) => this.keep(records));
  private fights: number[] = [];
  private on = false;

  constructor() {
    const dot = html("span");
    dot.className = "dot";
    this.sign.className = "sign";
    this.sign.setAttribute("role", "status");
    this.sign.append(dot, this.words);
    this.layer.root.append(this.sign);
  }

  show(phase: Phase): void {
    // Written only when it changes: what stands still is announced once, and a still page stays still.
    if (this.sign.dataset.phase !== phase) {
      this.sign.dataset.phase = phase;
      this.words.textContent = WORDS[phase];
    }
    if (this.on && this.shown) return;
    this.on = true;
    this.raise();
  }

  hide(): void {
    this.on = false;
    this.observer.disconnect();
    this.layer.lower();
  }

  /** Whether it is to be seen. */
  get shown(): boolean {
    return this.on && this.layer.shown && this.sign.checkVisibility();
  }

  private keep(records: readonly MutationRecord[]): void {
    const ours = this.layer.element;
    const about = (one: MutationRecord): boolean => one.type === "attributes" || one.target === document || [...one.removedNodes].includes(ours);
    if (!this.on || (ours.isConnected && !records.some(about))) return;
    if (orphan()) {
      this.hide(); // whoever came after us has put up its own
      return;
    }
    const now = performance.now();
    this.fights = [...this.fights.filter((at) => now - at < FIGHT_MS), now];
    if (this.fights.length > MOST_FIGHTS) {
      this.observer.disconnect(); // `shown` tells; whoever captures asks for it first
      return;
    }
    this.raise();
  }

  private raise(): void {
    this.observer.disconnect();
    this.layer.raise();
    this.observer.observe(this.layer.element.parentNode ?? document, { childList: true });
    this.observer.observe(this.layer.element, { attributes: true });
    this.observer.observe(document, { childList: true });
  }
}
