// One queue for all windows: Chrome allows two captures a second, and whoever asked for a tab last is served.

/** Chrome counts two calls in a second; with a little room, because its clock starts when the call arrives there. */
export const GAP_MS = 510;
/** After Chrome has said that it was too often all the same: another extension cannot cause it, a burst before our start can. */
export const TOO_OFTEN_MS = 1_000;

/**
 * The work of one capture; must not throw. It calls `mark` at the moment at which Chrome begins to count.
 * `tooOften`: Chrome refused for the rate, and the work is to be done again.
 */
export type Work = (mark: () => void) => Promise<"done" | "tooOften">;

interface Entry {
  readonly work: Work;
  readonly settle: (ran: boolean) => void;
}

export interface Timing {
  now(): number;
  after(ms: number, call: () => void): void;
}

const CLOCK: Timing = { now: () => performance.now(), after: (ms, call) => void setTimeout(call, ms) };

export class CaptureQueue {
  /** By tab, in the order in which tabs began to wait: a busy tab does not starve the others. */
  private readonly waiting = new Map<number, Entry>();
  private running = false;
  private timer = false;
  private free = Number.NEGATIVE_INFINITY;

  constructor(private readonly timing: Timing = CLOCK) {}

  /**
   * Capture a tab as soon as it may be. A request of the same tab that still waits gives its place to this one.
   * True when the work was done, false when a newer request took its place or the tab was dropped.
   */
  ask(tab: number, work: Work): Promise<boolean> {
    return new Promise((settle) => {
      const before = this.waiting.get(tab);
      this.waiting.set(tab, { work, settle });
      before?.settle(false);
      this.next();
    });
  }

  /** The tab is gone, or not shared any more. What is under way comes to its end. */
  drop(tab: number): void {
    this.waiting.get(tab)?.settle(false);
    this.waiting.delete(tab);
  }

  get length(): number {
    return this.waiting.size;
  }

  private next(): void {
    if (this.running || this.timer || this.waiting.size === 0) return;
    const pause = this.free - this.timing.now();
    if (pause > 0) {
      this.timer = true;
      this.timing.after(pause, () => {
        this.timer = false;
        this.next();
      });
      return;
    }
    const [tab, entry] = this.waiting.entries().next().value!;
    this.waiting.delete(tab);
    void this.run(tab, entry);
  }

  private async run(tab: number, entry: Entry): Promise<void> {
    this.running = true;
    const outcome = await entry.work(() => (this.free = this.timing.now() + GAP_MS));
    this.running = false;
    if (outcome === "tooOften") {
      this.free = this.timing.now() + TOO_OFTEN_MS;
      if (this.waiting.has(tab)) entry.settle(false);
      else this.waiting.set(tab, entry);
    } else entry.settle(true);
    this.next();
  }
}
