// The queue of the server: what it holds, and what can be asked of it.
import type { Counts, Job } from "@/jobs/job";
import type { QueueLook } from "@/jobs/queue";
import { addressOf, request } from "./api";

export interface NewJobs {
  readonly kind: string;
  readonly targets: readonly string[];
  readonly options: Readonly<Record<string, unknown>>;
  readonly priority: number;
  readonly max_attempts: number;
  readonly group?: string;
}

/** An option of a scraper, as JSON Schema has it. */
export interface OptionSchema {
  readonly type?: string | readonly string[];
  readonly title?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
}

export interface Scraper {
  readonly name: string;
  readonly about: string;
  readonly options: Readonly<Record<string, OptionSchema>>;
}

export interface JobPage {
  readonly jobs: readonly Job[];
  readonly counts: Counts;
}

export const PAGE = 100;

/** The newest that match, or those before `before`. Throws ApiError. */
export function listJobs({ state, kind, group, text }: QueueLook, { before = null, limit = PAGE }: { before?: number | null; limit?: number } = {}): Promise<JobPage> {
  const query = new URLSearchParams({ limit: String(limit) });
  const wanted = { state: state ?? "", kind, group, q: text.trim(), before: before === null ? "" : String(before) };
  for (const [name, value] of Object.entries(wanted)) if (value !== "") query.set(name, value);
  return request("GET", `api/jobs?${query.toString()}`);
}

export const jobOf = (id: number): Promise<Job> => request("GET", `api/jobs/${id}`);
export const addJobs = async (wanted: NewJobs): Promise<readonly Job[]> => (await request<{ jobs: readonly Job[] }>("POST", "api/jobs", wanted)).jobs;
export const cancelJob = (id: number): Promise<Job> => request("POST", `api/jobs/${id}/cancel`);
export const retryJob = (id: number): Promise<Job> => request("POST", `api/jobs/${id}/retry`);
export const prioritise = (id: number, priority: number): Promise<Job> => request("PATCH", `api/jobs/${id}`, { priority });
export const deleteJob = (id: number): Promise<unknown> => request("DELETE", `api/jobs/${id}`);
export const listScrapers = async (): Promise<readonly Scraper[]> => (await request<{ scrapers: readonly Scraper[] }>("GET", "api/scrapers")).scrapers;

/** What a job of `media_download` does on a page. */
export interface Recipe {
  readonly name: string;
  readonly about: string;
  /** It comes along with the server, and is not one of its own folder. */
  readonly included: boolean;
  /** It needs a user name, as the target or beside it. */
  readonly takes_user: boolean;
  /** The page that it opens when only a user name is given. */
  readonly start: string | null;
  readonly steps: number;
  /** Why it cannot be used. */
  readonly error: string | null;
}
export const listRecipes = async (): Promise<readonly Recipe[]> => (await request<{ recipes: readonly Recipe[] }>("GET", "api/recipes")).recipes;

export type ExportFormat = "json" | "jsonl" | "csv";
/** Where the results of a job are downloaded. */
export const exportAddress = (id: number, format: ExportFormat): string => addressOf(`api/jobs/${id}/items?format=${format}&download=true`);
export const eventsAddress = (id: number | null, group = ""): string => addressOf(id === null ? `api/jobs/events${group === "" ? "" : `?group=${encodeURIComponent(group)}`}` : `api/jobs/${id}/events`);

export interface Items {
  readonly items: readonly Record<string, unknown>[];
  readonly next: number | null;
}

/** All results of a job, page by page. Throws ApiError. */
export async function itemsOf(id: number, most = 10_000): Promise<Record<string, unknown>[]> {
  const all: Record<string, unknown>[] = [];
  let after: number | null = null;
  do {
    const page: Items = await request<Items>("GET", `api/jobs/${id}/items?limit=1000${after === null ? "" : `&after=${after}`}`);
    all.push(...page.items);
    after = page.next;
  } while (after !== null && all.length < most);
  return all;
}

/** Do it for many, a few at a time; the sentences of those that failed. */
export async function each<T>(all: readonly T[], deed: (one: T) => Promise<unknown>): Promise<string[]> {
  const left = [...all];
  const failed: string[] = [];
  const hand = async (): Promise<void> => {
    for (let one = left.shift(); one !== undefined; one = left.shift()) {
      try {
        await deed(one);
      } catch (caught) {
        failed.push(caught instanceof Error ? caught.message : String(caught));
      }
    }
  };
  await Promise.all(Array.from({ length: 4 }, hand));
  return failed;
}

/** Delete each; throws one sentence if any could not be. `tell` hears of those that are gone, also then. */
export async function deleteEach<Id>(all: readonly { readonly id: Id }[], remove: (id: Id) => Promise<unknown>, tell: (gone: Id[]) => void): Promise<void> {
  const gone: Id[] = [];
  const failed = await each(all, async ({ id }) => {
    await remove(id);
    gone.push(id);
  });
  tell(gone);
  if (failed.length > 0) throw new Error(failed.length === 1 ? failed[0] : `${failed.length} could not be deleted: ${failed[0] ?? ""}`);
}
