// What a job reports of its run, as lines for a person: known names in known units, the rest as it comes. Pure.
import { kindWords, lasting } from "./job";
import { cellText } from "./table";

export interface Fact {
  readonly name: string;
  readonly value: string;
}

export const weight = (bytes: number): string =>
  bytes < 1_000 ? `${bytes} B` : bytes < 1e6 ? `${(bytes / 1e3).toFixed(bytes < 1e4 ? 1 : 0)} kB` : bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(2)} GB`;

const NAMES: Readonly<Record<string, string>> = { bytes: "Data", ms: "Work", rung: "Found by", requests: "Requests", pages: "Pages", ats: "Job board" };
const FIRST = ["rung", "ats", "pages", "requests", "bytes", "ms"];

/** Plain facts; what is nested has a place of its own (`nested`). */
export function facts(summary: Readonly<Record<string, unknown>> | null): Fact[] {
  const entries = Object.entries(summary ?? {}).filter(([, value]) => value !== null && value !== "" && typeof value !== "object");
  const rank = (name: string): number => (FIRST.includes(name) ? FIRST.indexOf(name) : FIRST.length);
  return entries.sort(([a], [b]) => rank(a) - rank(b)).map(([name, value]) => ({ name: NAMES[name] ?? kindWords(name), value: written(name, value) }));
}

function written(name: string, value: unknown): string {
  if (typeof value === "number" && /(?:^|_)bytes$/.test(name)) return weight(value);
  if (typeof value === "number" && /(?:^|_)ms$/.test(name)) return lasting(value);
  if (typeof value === "number" && /(?:^|_)(?:share|confidence)$/.test(name)) return `${Math.round(value * 100)} %`;
  return cellText(value);
}

export interface Nested {
  readonly name: string;
  readonly facts: readonly Fact[];
  readonly lines: readonly string[];
}

export function nested(summary: Readonly<Record<string, unknown>> | null): Nested[] {
  return Object.entries(summary ?? {}).flatMap(([name, value]): Nested[] => {
    if (typeof value !== "object" || value === null) return [];
    const title = kindWords(name);
    if (Array.isArray(value)) return value.length === 0 ? [] : [{ name: title, facts: [], lines: value.map(cellText) }];
    const record = value as Record<string, unknown>;
    const lists = Object.values(record).filter((one): one is unknown[] => Array.isArray(one)).flatMap((list) => list.map(cellText));
    return Object.keys(record).length === 0 ? [] : [{ name: title, facts: facts(record), lines: lists }];
  });
}
