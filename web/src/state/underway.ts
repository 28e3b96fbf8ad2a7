// Jobs that keep files, as long as they run: what they fetch just now, and word whenever something may have come.
import { computed, shallowRef } from "vue";
import { isMedia, isOver, type Job } from "@/jobs/job";
import { gathered, useFollowing } from "./following";
import { eventsAddress } from "./jobs";

/** `came`: something has, or the line was down and something may have. */
export function useUnderWay(came: () => void) {
  const jobs = shallowRef<ReadonlyMap<number, Job>>(new Map());
  const line = useFollowing();
  /** What a job has told: it comes with every file that ends, not with every byte. */
  const told = ({ items, state, transfers }: Job): string => `${items} ${state} ${(transfers ?? []).map(({ name }) => name).join("\n")}`;

  const take = gathered<Job>((all) => {
    const next = new Map(jobs.value);
    let isNews = false;
    for (const job of all) {
      if (!isMedia(job) && !next.has(job.id)) continue;
      const before = next.get(job.id);
      isNews ||= before === undefined ? job.items > 0 || isOver(job) : told(before) !== told(job);
      if (isOver(job)) next.delete(job.id);
      else next.set(job.id, job);
    }
    jobs.value = next;
    if (isNews) came();
  });
  let isFirst = true;
  line.start(eventsAddress(null), {
    opened: () => {
      if (!isFirst) came();
      isFirst = false;
    },
    events: (events) => take(events.filter(({ event }) => event === "job").map(({ data }) => JSON.parse(data) as Job)),
  });
  return { jobs: computed<readonly Job[]>(() => [...jobs.value.values()].sort((a, b) => b.id - a.id)), lost: line.lost };
}
