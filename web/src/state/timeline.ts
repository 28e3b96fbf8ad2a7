// Named moments of a stream, put together so that a person can read many of them.
import type { ActionModel } from "@/gen/messages";

/** One line: an action, or the same one several times in a row. Times in ms, server clock. */
export interface Moment {
  /** Stays the same while newer actions come. */
  readonly key: string;
  readonly label: string;
  readonly from: number;
  readonly to: number;
  readonly count: number;
  readonly selector: string | null;
  /** When the next one began; null: it is the newest. */
  readonly until: number | null;
}

/** Moments under one heading, newest first. */
export interface Stretch {
  readonly key: string;
  /** When it began, for the heading, on the clock that is shown; null: few enough to do without one. */
  readonly at: number | null;
  readonly moments: readonly Moment[];
}

/** So many lines are read at a glance; more of them are put under headings. */
const FEW = 12;
const MINUTE = 60_000;
/** The same label this soon after the last is one moment that goes on. */
const GOES_ON_MS = 30_000;

/** `actions` are oldest first; what comes out is newest first. `offset`: ms that the server's clock is ahead of the one that is shown. */
export function timeline(actions: readonly ActionModel[], offset = 0): readonly Stretch[] {
  const moments = joined(actions).reverse();
  if (moments.length <= FEW) return moments.length === 0 ? [] : [{ key: "all", at: null, moments }];
  const stretches = new Map<number, Moment[]>();
  for (const moment of moments) {
    // Minutes as they are shown: a heading must not be a fraction of a millisecond before its minute.
    const minute = Math.floor((moment.from - offset) / MINUTE) * MINUTE;
    const known = stretches.get(minute);
    if (known === undefined) stretches.set(minute, [moment]);
    else known.push(moment);
  }
  return [...stretches].map(([at, inside]) => ({ key: String(at), at, moments: inside }));
}

function joined(actions: readonly ActionModel[]): Moment[] {
  const moments: Moment[] = [];
  const times = new Map<number, number>();
  for (const { label, at, selector } of actions) {
    const last = moments.at(-1);
    if (last?.label === label && last.selector === selector && at - last.to <= GOES_ON_MS) {
      moments[moments.length - 1] = { ...last, to: Math.max(last.to, at), count: last.count + 1 };
      continue;
    }
    // Two in the same millisecond are told apart by their order.
    const twin = times.get(at) ?? 0;
    times.set(at, twin + 1);
    moments.push({ key: `${at}-${twin}`, label, from: at, to: at, count: 1, selector, until: null });
  }
  return moments.map((moment, index) => ({ ...moment, until: moments[index + 1]?.from ?? null }));
}

/** A part of the bar that shows how long each moment took. */
export interface Chapter {
  readonly moment: Moment;
  /** How wide it is drawn, in parts of the whole (0 to 1). */
  readonly share: number;
  readonly ms: number;
}

/** So many are told apart in a bar. */
const CHAPTERS = 60;
/** One that took much longer than the others does not push them together to nothing. */
const WIDEST = 8;

/** The newest chapters, oldest first. `end`: when the newest moment was over, or now. */
export function chapters(actions: readonly ActionModel[], end: number): readonly Chapter[] {
  const moments = joined(actions).slice(-CHAPTERS);
  const lengths = moments.map(({ from, to, until }) => Math.max(0, (until ?? Math.max(to, end)) - from));
  const middle = [...lengths].sort((a, b) => a - b)[Math.floor(lengths.length / 2)] ?? 0;
  const widths = lengths.map((ms) => Math.min(Math.max(ms, middle / WIDEST, 1), Math.max(middle * WIDEST, 1)));
  const whole = widths.reduce((sum, one) => sum + one, 0);
  return moments.map((moment, index) => ({ moment, share: (widths[index] ?? 0) / whole, ms: lengths[index] ?? 0 }));
}

/** A picture of a job's page, taken at the end of a step. `at` in ms, server clock. */
export interface StepPicture {
  readonly id: string;
  readonly at: number;
  readonly label: string;
  readonly url: string;
}

/** The journal and the pane write the time of the same step down one after the other. */
const SAME_MS = 1_000;

/** The picture of each moment that has one, by the moment's key: of one that goes on, the last. */
export function pictured(moments: readonly Moment[], pictures: readonly StepPicture[]): ReadonlyMap<string, StepPicture> {
  const found = new Map<string, StepPicture>();
  for (const moment of moments) {
    const own = pictures.filter(({ label, at }) => label === moment.label && at >= moment.from - SAME_MS && at <= moment.to + SAME_MS);
    const last = own.at(-1);
    if (last !== undefined) found.set(moment.key, last);
  }
  return found;
}

/** How long something took: `0.4 s`, `12 s`, `3 min 5 s`. */
export function span(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  if (seconds < 59.5) return `${Math.round(seconds)} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

/** How long ago, as a person says it. */
export function ago(ms: number): string {
  const seconds = Math.floor(Math.max(0, ms) / 1000);
  if (seconds < 2) return "now";
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`;
  return `${Math.floor(seconds / 86_400)} d ago`;
}
