// Asks the worker, again and again, what is to be done about this page. A worker that sleeps is started by the question,
// so that nothing is lost when it dies; and a page whose extension was reloaded or removed finds nobody, and cleans up.
import { ask, type Beat } from "../messages";
import { orphan } from "./orphan";

/** After a question that nobody answered, though the extension is there. */
const AGAIN_MS = 2_000;
const LEAST_MS = 100;
/** An extension that is gone is noticed after this long, however seldom it was asked. */
const ORPHAN_MS = 1_000;

export class Metronome {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private guard: ReturnType<typeof setInterval> | undefined;
  private asking = false;
  private again = false;
  private started = false;
  private over = false;

  /** `told` gets every answer; `ended` is called once: the page is not shared any more, or nobody is there to share it with. */
  constructor(
    private readonly told: (beat: Beat) => void,
    private readonly ended: () => void,
  ) {}

  start(): void {
    this.started = true;
    document.addEventListener("visibilitychange", this.now);
    window.addEventListener("pageshow", this.now);
    this.guard = setInterval(() => orphan() && this.stop(), ORPHAN_MS);
    void this.beat();
  }

  stop(): void {
    if (this.over) return;
    this.over = true;
    clearTimeout(this.timer);
    clearInterval(this.guard);
    document.removeEventListener("visibilitychange", this.now);
    window.removeEventListener("pageshow", this.now);
    this.ended();
  }

  readonly now = (): void => void this.beat();

  private async beat(): Promise<void> {
    if (!this.running()) return;
    if (this.asking) {
      this.again = true;
      return;
    }
    clearTimeout(this.timer);
    this.asking = true;
    const beat = await this.question();
    this.asking = false;
    if (!this.running()) return;
    if (beat === "nobody" || (beat !== null && !beat.shared)) {
      this.stop();
      return;
    }
    if (beat !== null) this.told(beat);
    if (this.again) {
      this.again = false;
      void this.beat();
      return;
    }
    this.timer = setTimeout(this.now, beat === null ? AGAIN_MS : Math.max(LEAST_MS, beat.wait));
  }

  private running(): boolean {
    return this.started && !this.over;
  }

  private async question(): Promise<Beat | "nobody" | null> {
    try {
      return await ask("tick", { visible: document.visibilityState === "visible" });
    } catch {
      return orphan() ? "nobody" : null;
    }
  }
}
