// Pictures and bytes a second over the last few seconds.

const WINDOW_MS = 3_000;

export class Meter {
  private readonly marks: { readonly at: number; readonly bytes: number }[] = [];
  private startedAt: number | null = null;

  constructor(private readonly now: () => number = () => performance.now()) {}

  add(bytes: number): void {
    const at = this.now();
    this.startedAt ??= at;
    this.marks.push({ at, bytes });
    this.forget(at);
  }

  get perSecond(): { readonly fps: number; readonly bytes: number } {
    const at = this.now();
    this.forget(at);
    // A meter that has just started divides by what it has seen, but by a second at least: one picture is no rate.
    const seconds = Math.min(WINDOW_MS, Math.max(1_000, at - (this.startedAt ?? at))) / 1000;
    const bytes = this.marks.reduce((sum, mark) => sum + mark.bytes, 0);
    return { fps: this.marks.length / seconds, bytes: bytes / seconds };
  }

  private forget(at: number): void {
    while (this.marks[0] !== undefined && at - this.marks[0].at > WINDOW_MS) this.marks.shift();
  }
}
