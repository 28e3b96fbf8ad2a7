// Which jobs the queue page shows, and how the list changes as jobs do. Pure.
import type { LocationQuery, LocationQueryRaw } from "vue-router";
import { type Counts, type Job, type JobState, STATES } from "./job";

export interface QueueLook {
  /** null: every state. */
  readonly state: JobState | null;
  /** "": every kind. */
  readonly kind: string;
  readonly group: string;
  readonly text: string;
}

export const EVERYTHING: QueueLook = { state: null, kind: "", group: "", text: "" };

const first = (value: LocationQuery[string] | undefined): string => ((Array.isArray(value) ? value[0] : value) ?? "").slice(0, 200);

export function lookFromQuery(query: LocationQuery): QueueLook {
  const state = first(query.state);
  return { state: STATES.find((one) => one === state) ?? null, kind: first(query.kind), group: first(query.group), text: first(query.q) };
}

export function queryFromLook({ state, kind, group, text }: QueueLook): LocationQueryRaw {
  return { ...(state === null ? {} : { state }), ...(kind === "" ? {} : { kind }), ...(group === "" ? {} : { group }), ...(text === "" ? {} : { q: text }) };
}

/** As the server filters, for jobs that change while we look. */
export function matches(job: Job, { state, kind, group, text }: QueueLook): boolean {
  const wanted = text.trim().toLowerCase();
  return (
    (state === null || job.state === state) &&
    (kind === "" || job.kind === kind) &&
    (group === "" || job.group === group) &&
    (wanted === "" || [job.target, job.error?.message ?? ""].some((one) => one.toLowerCase().includes(wanted)))
  );
}

/** Jobs that are shown, newest first, and whether there are older ones that have not been asked for. */
export interface Listing {
  readonly jobs: readonly Job[];
  readonly hasMore: boolean;
}

/**
 * The list after these jobs have changed. A new job goes to the top. One that does not match any more leaves, unless it was shown:
 * what somebody is looking at does not vanish under the hand while it merely moves on from "running" to "succeeded" (`keeps`).
 */
export function merged(listing: Listing, changed: readonly Job[], look: QueueLook, keeps: (job: Job) => boolean = () => false): Listing {
  const byId = new Map(listing.jobs.map((job) => [job.id, job]));
  const oldest = listing.jobs.at(-1)?.id ?? 0;
  let isNew = false;
  for (const job of changed) {
    const isShown = byId.has(job.id);
    if (matches(job, look) || (isShown && keeps(job))) {
      // Older than what was loaded: it comes with its page.
      if (!isShown && listing.hasMore && job.id < oldest) continue;
      if (!isShown) isNew = true;
      byId.set(job.id, job);
    } else byId.delete(job.id);
  }
  const jobs = [...byId.values()];
  if (isNew) jobs.sort((a, b) => b.id - a.id);
  return { jobs, hasMore: listing.hasMore };
}

export const total = (counts: Counts): number => STATES.reduce((sum, state) => sum + (counts[state] ?? 0), 0);
