// Which downloads are shown, as the address has it and as the server filters. Pure.
import type { LocationQuery, LocationQueryRaw } from "vue-router";
import { MEDIA, type Medium } from "./download";

export const OUTCOMES = ["upgraded", "failed"] as const;
export type OutcomeLook = (typeof OUTCOMES)[number];
export const OUTCOME_WORDS: Readonly<Record<OutcomeLook, string>> = { upgraded: "Improved", failed: "Failed" };

export interface GalleryLook {
  /** null: every kind, as with the others. */
  readonly kind: Medium | null;
  readonly collection: string;
  readonly outcome: OutcomeLook | null;
  readonly job: number | null;
  readonly text: string;
}

export const ALL_DOWNLOADS: GalleryLook = { kind: null, collection: "", outcome: null, job: null, text: "" };

const first = (value: LocationQuery[string] | undefined): string => ((Array.isArray(value) ? value[0] : value) ?? "").slice(0, 300);

export function lookFromQuery(query: LocationQuery): GalleryLook {
  const [kind, outcome, job] = [first(query.kind), first(query.outcome), first(query.job)];
  return {
    kind: MEDIA.find((one) => one === kind) ?? null,
    collection: first(query.collection),
    outcome: OUTCOMES.find((one) => one === outcome) ?? null,
    job: /^\d{1,15}$/.test(job) ? Number(job) : null,
    text: first(query.q),
  };
}

export function queryFromLook({ kind, collection, outcome, job, text }: GalleryLook): LocationQueryRaw {
  const wanted = { kind: kind ?? "", collection, outcome: outcome ?? "", job: job === null ? "" : String(job), q: text.trim() };
  return Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== ""));
}

export const isNarrowed = (look: GalleryLook): boolean => Object.keys(queryFromLook(look)).length > 0;
