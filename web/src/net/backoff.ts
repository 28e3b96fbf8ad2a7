// How long to wait before the next attempt: doubling, capped, with full jitter.

export const FIRST_MS = 250;
export const LONGEST_MS = 5_000;

export class Backoff {
  private failures = 0;

  constructor(private readonly random: () => number = Math.random) {}

  /** Milliseconds to wait. Full jitter, so that the viewers of a restarted server do not return in step. */
  next(): number {
    const ceiling = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(this.failures, 16));
    this.failures += 1;
    return this.random() * ceiling;
  }

  /** An attempt succeeded. */
  reset(): void {
    this.failures = 0;
  }
}
