// One job, followed: its row, and its journal as it is written.
import { onScopeDispose, readonly, ref, shallowRef, watch } from "vue";
import { isOver, type Job } from "@/jobs/job";
import { EMPTY, eventFrom, grown, type JobEvent, type Journal } from "@/jobs/journal";
import { ApiError, sentenceOf } from "./api";
import { gathered, useFollowing } from "./following";
import { eventsAddress, jobOf } from "./jobs";
import { toLocal } from "./live";

/** The row says more than the journal (attempts, items, summary): asked for again after events, at most so often. */
const ROW_MS = 400;
const clock = (at: number): string => toLocal(at).toLocaleTimeString(undefined, { hour12: false });

export function useJob(id: () => number) {
  const job = shallowRef<Job | null>(null);
  const journal = shallowRef<Journal>(EMPTY);
  const error = ref("");
  const isMissing = ref(false);
  const line = useFollowing();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let round = 0;
  /** The journal has told the end: nothing more is to come. */
  let isTold = false;

  async function load(): Promise<void> {
    const mine = round;
    try {
      const found = await jobOf(id());
      if (mine !== round) return;
      job.value = found;
      error.value = "";
    } catch (caught) {
      if (mine !== round) return;
      if (caught instanceof ApiError && caught.status === 404) isMissing.value = true;
      else error.value = sentenceOf(caught);
    }
  }
  function loadSoon(): void {
    timer ??= setTimeout(() => {
      timer = undefined;
      void load();
    }, ROW_MS);
  }

  const take = gathered<{ round: number; event: JobEvent }>((all) => {
    const events = all.filter((one) => one.round === round).map(({ event }) => event);
    journal.value = grown(journal.value, events, clock);
    if (events.length > 0) loadSoon();
  });
  watch(
    id,
    (now) => {
      const mine = ++round;
      job.value = null;
      journal.value = EMPTY;
      error.value = "";
      isMissing.value = false;
      isTold = false;
      void load();
      line.start(eventsAddress(now), {
        opened: () => loadSoon(),
        events: (events) => {
          const lines = events.map(eventFrom).filter((event) => event !== null);
          for (const { kind } of lines) isTold = kind === "finished" || (isTold && kind !== "queued" && kind !== "started");
          take(lines.map((event) => ({ round: mine, event })));
        },
        refused: (caught) => {
          if (caught instanceof ApiError && caught.status === 404) isMissing.value = true;
          else error.value = caught.message;
        },
        isOver: () => isTold,
      });
    },
    { immediate: true },
  );
  onScopeDispose(() => {
    round += 1;
    clearTimeout(timer);
  });

  /** As it now is; one that is to run once more is followed once more. */
  function put(now: Job): void {
    const goesOn = isTold && !isOver(now);
    job.value = now;
    if (!goesOn) return;
    isTold = false;
    line.again();
  }

  return { job, journal: readonly(journal) as typeof journal, error: readonly(error), isMissing: readonly(isMissing), lost: line.lost, load, put };
}
