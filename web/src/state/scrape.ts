// The scrape that this tab follows: asked for here, or found again in the queue by its group.
import { useStorage } from "@vueuse/core";
import { onScopeDispose, readonly, ref, shallowRef } from "vue";
import { eventFrom, type JobEvent } from "@/jobs/journal";
import { type Answer, asked, type Companies, isEnd, withAnswer, withEvents, withJobs } from "@/jobs/run";
import { EVERYTHING } from "@/jobs/queue";
import { eventsOf } from "@/net/sse";
import { addressOf, ApiError, refusal, sentenceOf } from "./api";
import { gathered, useFollowing } from "./following";
import { cancelJob, each, eventsAddress, listJobs, retryJob } from "./jobs";
import { serverNow } from "./live";
import { tabMemory } from "./memory";

const KEY = "livepane.scrape";

/** The group that was followed last in this tab; "": none. */
export const lastRun = (): string => tabMemory.getItem(KEY) ?? "";

/** What is written in the field of domains: still there when one comes back to the page. */
export const draft = useStorage("livepane.scrape.draft", "", tabMemory);

export function useScrape() {
  const companies = shallowRef<Companies>(new Map());
  const group = ref("");
  const error = ref("");
  const isStarting = ref(false);
  /** Server's clock, ms. */
  const startedAt = ref<number | null>(null);
  const endedAt = ref<number | null>(null);
  const line = useFollowing();
  let leaving: AbortController | null = null;
  let round = 0;
  /** When the last of those that have ended did. */
  let lastEnd = 0;

  function show(next: Companies): void {
    companies.value = next;
    const list = [...next.values()];
    const isDone = list.length > 0 && list.every(({ progress }) => isEnd(progress));
    endedAt.value = isDone ? lastEnd || serverNow() : null;
  }

  const take = gathered<{ round: number; event: JobEvent }>((all) => {
    const events = all.filter((one) => one.round === round).map(({ event }) => event);
    lastEnd = Math.max(lastEnd, ...events.filter(({ kind }) => kind === "finished").map(({ at }) => at));
    show(withEvents(companies.value, events));
  });

  /** Follow a group that is in the queue. Throws ApiError. */
  async function open(name: string): Promise<void> {
    const mine = round;
    const { jobs } = await listJobs({ ...EVERYTHING, group: name }, { limit: 1000 });
    if (mine !== round) return;
    if (jobs.length === 0) throw new ApiError(404, "This scrape is not in the queue any more: its jobs were deleted.");
    group.value = name;
    tabMemory.setItem(KEY, name);
    lastEnd = Math.max(lastEnd, ...jobs.map(({ finished_at: at }) => at ?? 0));
    show(withJobs(companies.value, jobs));
    startedAt.value = Math.min(...jobs.map(({ created_at: at }) => at));
    line.start(eventsAddress(null, name), {
      events: (events) => take(events.map(eventFrom).filter((event) => event !== null).map((event) => ({ round: mine, event }))),
      isOver: () => [...companies.value.values()].every(({ job, progress }) => job === null || isEnd(progress)),
    });
  }

  async function restore(name: string): Promise<void> {
    clear();
    const mine = round;
    isStarting.value = true;
    try {
      await open(name);
    } catch (caught) {
      if (mine !== round) return;
      tabMemory.removeItem(KEY);
      error.value = sentenceOf(caught);
    } finally {
      if (mine === round) isStarting.value = false;
    }
  }

  /** Returns the group when it is accepted; "" when it is not, and `error` says why. */
  async function run(domains: readonly string[]): Promise<string> {
    clear();
    const mine = round;
    isStarting.value = true;
    const leave = (leaving = new AbortController());
    try {
      // Detached: whoever closes the tab or goes to another page finds it again, done.
      const response = await fetch(addressOf("scrape/stream"), {
        method: "POST",
        headers: { "content-type": "application/json", accept: "text/event-stream" },
        body: JSON.stringify({ domains, detach: true }),
        signal: leave.signal,
      }).catch(() => {
        throw new ApiError(0, "The server cannot be reached. Is it running?");
      });
      if (!response.ok || response.body === null) throw refusal(response, await response.json().catch(() => null));
      companies.value = asked(domains);
      startedAt.value = serverNow();
      const name = response.headers.get("x-job-group") ?? "";
      void listen(response.body, mine);
      // None at all when not one of them can be a target.
      if (name !== "") await open(name).catch(() => undefined);
      return name;
    } catch (caught) {
      if (mine === round) error.value = sentenceOf(caught);
      return "";
    } finally {
      if (mine === round) isStarting.value = false;
    }
  }

  async function listen(body: ReadableStream<Uint8Array<ArrayBuffer>>, mine: number): Promise<void> {
    try {
      for await (const events of eventsOf(body)) {
        if (mine !== round) return;
        lastEnd = serverNow();
        show(events.reduce((now, { data }) => withAnswer(now, JSON.parse(data) as Answer), companies.value));
      }
    } catch {
      // The journal of the group tells the same, and comes back after a loss.
    }
  }

  /** The page is empty again; what runs goes on. */
  function clear(): void {
    round += 1;
    leaving?.abort();
    leaving = null;
    line.stop();
    companies.value = new Map();
    group.value = "";
    error.value = "";
    lastEnd = 0;
    startedAt.value = endedAt.value = null;
    tabMemory.removeItem(KEY);
  }

  const going = (): number[] => [...companies.value.values()].flatMap(({ job, progress }) => (job === null || isEnd(progress) ? [] : [job]));
  async function stop(): Promise<void> {
    const failed = await each(going(), cancelJob);
    error.value = failed[0] ?? "";
  }
  async function retry(jobs: readonly number[]): Promise<void> {
    const failed = await each(jobs, async (id) => {
      const { created_at: at } = await retryJob(id);
      show(withEvents(companies.value, [{ id: 0, job: id, at, kind: "queued", data: {} }]));
    });
    error.value = failed[0] ?? "";
    line.again();
  }

  onScopeDispose(() => {
    round += 1;
    leaving?.abort();
  });
  return { companies, group: readonly(group), error, isStarting: readonly(isStarting), startedAt: readonly(startedAt), endedAt: readonly(endedAt), lost: line.lost, run, restore, clear, stop, retry };
}
