// What the server says of a job, and the words for it.
import type { Transfer } from "@/downloads/transfer";

export const STATES = ["running", "queued", "retrying", "succeeded", "failed", "cancelled"] as const;
export type JobState = (typeof STATES)[number];

export interface JobError {
  /** For programs, such as "robots_disallowed". */
  readonly code: string;
  readonly message: string;
}

/** Moments: the server's clock, ms since the Unix epoch. */
export interface Job {
  readonly id: number;
  /** The name of a scraper. */
  readonly kind: string;
  readonly target: string;
  readonly options: Readonly<Record<string, unknown>>;
  /** -10 to 10, the highest first. */
  readonly priority: number;
  readonly group: string | null;
  readonly state: JobState;
  readonly stream: string;
  readonly created_at: number;
  /** Not before this is it started: the next attempt of one that failed. */
  readonly run_after: number;
  readonly started_at: number | null;
  readonly finished_at: number | null;
  readonly attempt: number;
  readonly max_attempts: number;
  /** 0 to 1 */
  readonly progress: number | null;
  readonly action: string | null;
  readonly items: number;
  readonly cancel_requested: boolean;
  readonly error: JobError | null;
  readonly summary: Readonly<Record<string, unknown>> | null;
  /** Files that it fetches just now; an older server does not say. */
  readonly transfers?: readonly Transfer[];
}

export type Counts = Readonly<Partial<Record<JobState, number>>>;

export interface StateLook {
  readonly name: string;
  readonly hint: string;
}

export const STATE_WORDS: Readonly<Record<JobState, StateLook>> = {
  running: { name: "Running", hint: "Works now" },
  queued: { name: "Queued", hint: "Waits for a place" },
  retrying: { name: "Retrying", hint: "Failed in a way that may pass, and is tried again" },
  succeeded: { name: "Succeeded", hint: "Done" },
  failed: { name: "Failed", hint: "Ended with an error" },
  cancelled: { name: "Cancelled", hint: "Stopped by somebody" },
};

const OVER: readonly JobState[] = ["succeeded", "failed", "cancelled"];
/** Whether nothing more happens by itself. */
export const isOver = ({ state }: Pick<Job, "state">): boolean => OVER.includes(state);
export const isWaiting = ({ state }: Pick<Job, "state">): boolean => state === "queued" || state === "retrying";

/** Whether what it finds are files that the server keeps. */
export const isMedia = ({ kind, summary, transfers }: Pick<Job, "kind" | "summary" | "transfers">): boolean => kind === "media_download" || typeof summary?.collection === "string" || (transfers?.length ?? 0) > 0;

/** "Queued", or what somebody has asked of it since. */
export const stateName = (job: Pick<Job, "state" | "cancel_requested">): string => (job.cancel_requested && !isOver(job) ? "Cancelling" : STATE_WORDS[job.state].name);

/** ms that it has run, or ran the last time; null: it has not. */
export function took({ started_at: from, finished_at: to }: Pick<Job, "started_at" | "finished_at">, now: number): number | null {
  return from === null ? null : Math.max(0, (to ?? now) - from);
}

/** "840 ms", "12.4 s", "3 min 20 s", "2 h 5 min" */
export function lasting(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  // Told to the tenth as long as a tenth is something.
  if (ms < 59_500) return `${(ms / 1000).toFixed(ms < 9_950 ? 1 : 0)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return seconds % 60 === 0 ? `${seconds / 60} min` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  const minutes = Math.round(seconds / 60);
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

export interface Priority {
  readonly value: number;
  readonly name: string;
}

export const PRIORITIES: readonly Priority[] = [
  { value: 10, name: "Highest" },
  { value: 5, name: "High" },
  { value: 0, name: "Normal" },
  { value: -5, name: "Low" },
  { value: -10, name: "Lowest" },
];

export const priorityName = (value: number): string => PRIORITIES.find((one) => one.value === value)?.name ?? (value > 0 ? `+${value}` : `−${-value}`);

/** "job_postings" as people read it: "Job postings". */
export const kindWords = (kind: string): string => {
  const words = kind.replaceAll(/[_-]+/g, " ").trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
};

/** "1 item", "12 items" */
export const counted = (count: number, one: string, many = `${one}s`): string => `${count.toLocaleString("en")} ${count === 1 ? one : many}`;
