// A scrape of many companies, as a person follows it: each company's state and postings, put together from what comes. Pure.
import { isOver, type Job } from "./job";
import type { Item, JobEvent } from "./journal";
import type { Found, Posting } from "./posting";
import { type Trouble, troubleOf } from "./trouble";

export type Progress = "waiting" | "running" | "retrying" | "done" | "failed" | "cancelled";

export interface Company {
  /** As it was typed. */
  readonly domain: string;
  /** null: not known yet, or it never became a job. */
  readonly job: number | null;
  readonly progress: Progress;
  readonly action: string | null;
  readonly postings: readonly Posting[];
  readonly trouble: Trouble | null;
  /** Its whole answer has come: what its journal still tells of that run is no news. */
  readonly isAnswered: boolean;
}

/** What one event of POST /scrape/stream tells. */
export interface Answer {
  readonly domain: string;
  readonly status: "success" | "error";
  readonly jobs: readonly Posting[];
  readonly error?: string | null;
}

/** By domain, in the order in which they were asked for. */
export type Companies = ReadonlyMap<string, Company>;

export const asked = (domains: readonly string[]): Companies => new Map(domains.map((domain) => [domain, { domain, job: null, progress: "waiting", action: null, postings: [], trouble: null, isAnswered: false }]));

/** The rows of the queue say which job looks at which domain, and how it stands. */
export function withJobs(companies: Companies, jobs: readonly Job[]): Companies {
  const next = new Map(companies);
  // Oldest first: in the order in which they were asked for.
  for (const job of [...jobs].sort((a, b) => a.id - b.id)) {
    const domain = [...next.values()].find((one) => one.job === job.id || (one.job === null && one.domain.trim() === job.target))?.domain ?? job.target;
    const known = next.get(domain);
    const wasEnded = known !== undefined && isEnd(known.progress);
    // Its postings are in its journal, and before they have come nobody may read that there are none.
    const progress = job.state === "succeeded" && job.items > 0 && !wasEnded ? "running" : progressOf(job);
    const isEnded = wasEnded && !isOver(job);
    next.set(domain, {
      domain,
      job: job.id,
      // An answer that has come already knows better than a row that was read before it.
      progress: isEnded ? known.progress : progress,
      action: job.action,
      postings: known?.postings ?? [],
      trouble: isEnded ? known.trouble : job.error === null || progress === "done" ? null : troubleOf(job.error),
      isAnswered: known?.isAnswered ?? false,
    });
  }
  return next;
}

function progressOf({ state }: Job): Progress {
  return state === "queued" ? "waiting" : state === "succeeded" ? "done" : state;
}

export const isEnd = (progress: Progress): boolean => progress === "done" || progress === "failed" || progress === "cancelled";

/** One line of the journals of the group. */
export function withEvents(companies: Companies, events: readonly JobEvent[]): Companies {
  const next = new Map(companies);
  const byJob = new Map([...next.values()].map((one) => [one.job, one.domain]));
  for (const { job, kind, data } of events) {
    const domain = byJob.get(job);
    const known = domain === undefined ? undefined : next.get(domain);
    if (domain === undefined || known === undefined || (known.isAnswered && kind !== "queued")) continue;
    const change = (part: Partial<Company>): void => void next.set(domain, { ...known, ...part });
    switch (kind) {
      case "queued":
        change({ progress: "waiting", trouble: null, action: null, isAnswered: false });
        break;
      case "started":
        change({ progress: "running", trouble: null, postings: [], action: null });
        break;
      case "action":
        change({ action: typeof data.label === "string" ? data.label : null });
        break;
      case "item":
        change({ postings: [...known.postings, (data.item ?? {}) as Posting] });
        break;
      case "retrying":
        change({ progress: "retrying", trouble: troubleOf({ code: text(data.code), message: text(data.message) }) });
        break;
      case "finished": {
        const error = data.error as { code: string; message: string } | null | undefined;
        const progress = data.state === "succeeded" ? "done" : data.state === "cancelled" ? "cancelled" : "failed";
        change({ progress, action: null, trouble: progress === "done" ? null : troubleOf(error ?? { code: data.state === "cancelled" ? "cancelled" : "failed", message: "" }) });
        break;
      }
      case "progress":
      case "warning":
        break;
    }
  }
  return next;
}

const text = (value: unknown): string => (typeof value === "string" ? value : "");

export function withAnswer(companies: Companies, { domain, status, jobs, error }: Answer): Companies {
  const known = companies.get(domain);
  const trouble = status === "success" ? null : troubleOf(error ?? "failed");
  const progress = status === "success" ? "done" : trouble?.code === "cancelled" ? "cancelled" : "failed";
  return new Map(companies).set(domain, { domain, job: known?.job ?? null, progress, action: null, postings: jobs, trouble, isAnswered: true });
}

export interface Tally {
  readonly all: number;
  readonly ended: number;
  readonly running: number;
  readonly failed: number;
  /** Answered, and there is nothing open. */
  readonly empty: number;
  readonly postings: number;
}

export function tally(companies: Companies): Tally {
  const list = [...companies.values()];
  const count = (is: (one: Company) => boolean): number => list.filter(is).length;
  return {
    all: list.length,
    ended: count(({ progress }) => isEnd(progress)),
    running: count(({ progress }) => progress === "running"),
    failed: count(({ progress }) => progress === "failed" || progress === "cancelled"),
    empty: count(({ progress, postings }) => progress === "done" && postings.length === 0),
    postings: list.reduce((sum, { postings }) => sum + postings.length, 0),
  };
}

export const foundIn = (companies: Companies): Found[] => [...companies.values()].flatMap(({ domain, postings }) => postings.map((posting: Posting & Item, index) => ({ key: `${domain} ${index}`, domain, posting })));
