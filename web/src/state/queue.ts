// The queue page's list: loaded page by page, kept true by the events of the queue.
import { useIntervalFn } from "@vueuse/core";
import { computed, onScopeDispose, readonly, ref, shallowRef, watch } from "vue";
import type { Counts, Job } from "@/jobs/job";
import { type Listing, merged, type QueueLook } from "@/jobs/queue";
import { sentenceOf } from "./api";
import { gathered, useFollowing } from "./following";
import { eventsAddress, listJobs, PAGE } from "./jobs";

/** Counts change with every job that moves on; once in so many ms is live enough for a number. */
const COUNT_MS = 700;
/** A job that has just left the state that is shown stays for so long, so that one sees what has become of it. */
const LINGER_MS = 4_000;

export function useQueue(look: () => QueueLook) {
  const listing = shallowRef<Listing | null>(null);
  const counts = shallowRef<Counts>({});
  const error = ref("");
  const isLoading = ref(false);
  const lingering = new Map<number, number>();
  const line = useFollowing();
  let round = 0;
  let counting: ReturnType<typeof setTimeout> | undefined;

  /** The newest page anew; what was loaded below it stays loaded. */
  async function load(): Promise<void> {
    const mine = ++round;
    isLoading.value = true;
    try {
      const limit = Math.min(1000, Math.max(PAGE, Math.ceil((listing.value?.jobs.length ?? 0) / PAGE) * PAGE));
      const page = await listJobs(look(), { limit });
      if (mine !== round) return;
      lingering.clear();
      listing.value = { jobs: page.jobs, hasMore: page.jobs.length >= limit };
      counts.value = page.counts;
      error.value = "";
    } catch (caught) {
      if (mine === round) error.value = sentenceOf(caught);
    } finally {
      if (mine === round) isLoading.value = false;
    }
  }

  async function more(): Promise<void> {
    const before = listing.value?.jobs.at(-1)?.id;
    if (before === undefined || isLoading.value || !(listing.value?.hasMore ?? false)) return;
    const mine = round;
    isLoading.value = true;
    try {
      const page = await listJobs(look(), { before });
      if (mine !== round) return;
      const known = new Set(listing.value?.jobs.map(({ id }) => id));
      listing.value = { jobs: [...(listing.value?.jobs ?? []), ...page.jobs.filter(({ id }) => !known.has(id))], hasMore: page.jobs.length >= PAGE };
      counts.value = page.counts;
    } catch (caught) {
      error.value = sentenceOf(caught);
    } finally {
      if (mine === round) isLoading.value = false;
    }
  }

  function recount(): void {
    counting ??= setTimeout(() => {
      counting = undefined;
      listJobs(look(), { limit: 1 }).then(
        (page) => (counts.value = page.counts),
        () => undefined, // the line says already that the server is away
      );
    }, COUNT_MS);
  }

  /** These are as they now are. */
  function put(jobs: readonly Job[]): void {
    if (listing.value === null || jobs.length === 0) return;
    const before = new Map(listing.value.jobs.map((job) => [job.id, job.state]));
    const now = Date.now();
    if (jobs.some(({ id, state }) => before.get(id) !== state)) recount();
    listing.value = merged(listing.value, jobs, look(), ({ id }) => {
      lingering.set(id, lingering.get(id) ?? now + LINGER_MS);
      return true;
    });
  }

  function forget(id: number): void {
    if (listing.value === null) return;
    listing.value = { ...listing.value, jobs: listing.value.jobs.filter((job) => job.id !== id) };
    recount();
  }

  useIntervalFn(() => {
    if (lingering.size === 0 || listing.value === null) return;
    const now = Date.now();
    const gone = listing.value.jobs.filter(({ id }) => (lingering.get(id) ?? Infinity) <= now);
    if (gone.length === 0) return;
    for (const { id } of gone) lingering.delete(id);
    listing.value = merged(listing.value, gone, look());
  }, 1_000);

  const take = gathered<Job>((jobs) => put([...new Map(jobs.map((job) => [job.id, job])).values()]));
  let isFirst = true;
  line.start(eventsAddress(null), {
    // What was deleted while the line was down is told by nobody: look again.
    opened: () => {
      if (!isFirst) void load();
      isFirst = false;
    },
    events: (events) => {
      take(events.filter(({ event }) => event === "job").map(({ data }) => JSON.parse(data) as Job));
      for (const { event, data } of events) if (event === "deleted") forget((JSON.parse(data) as { id: number }).id);
    },
    refused: ({ message }) => (error.value = message),
  });
  watch(
    look,
    (_, before) => {
      if (before !== undefined) listing.value = null;
      void load();
    },
    { immediate: true },
  );
  onScopeDispose(() => {
    clearTimeout(counting);
    round += 1;
  });

  return {
    jobs: computed<readonly Job[] | null>(() => listing.value?.jobs ?? null),
    hasMore: computed(() => listing.value?.hasMore ?? false),
    counts: readonly(counts),
    error: readonly(error),
    isLoading: readonly(isLoading),
    lost: line.lost,
    load,
    more,
    put,
    forget,
  };
}
