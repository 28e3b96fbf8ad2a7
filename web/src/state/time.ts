// Times as people say them.

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** "12 s", "5 min", "3 h", "2 days", "4 months": one unit, rounded. */
export function span(seconds: number): string {
  const of = (unit: number): number => Math.round(Math.max(0, seconds) / unit);
  if (of(1) < 60) return `${of(1)} s`;
  if (of(MINUTE) < 60) return `${of(MINUTE)} min`;
  if (of(HOUR) < 48) return `${of(HOUR)} h`;
  if (of(DAY) < 90) return `${of(DAY)} days`;
  if (of(30 * DAY) < 24) return `${of(30 * DAY)} months`;
  return `${of(365 * DAY)} years`;
}

/** Of a time seen from now, both in ms: "5 min ago", "in 3 h", "just now". */
export function relative(at: number, now: number): string {
  const seconds = (at - now) / 1000;
  if (Math.abs(seconds) < 10) return "just now";
  return seconds < 0 ? `${span(-seconds)} ago` : `in ${span(seconds)}`;
}

export function absolute(at: Date): string {
  return at.toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });
}
