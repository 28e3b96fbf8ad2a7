// What a job's page looked like at its steps, asked for again as there are more of them.
import { onScopeDispose, readonly, shallowRef, watch } from "vue";
import { request } from "./api";
import type { StepPicture } from "./timeline";

/** A picture is kept when the next step begins; several that follow quickly are asked for together. */
const SOON_MS = 700;

/** The number of the job that a stream shows; null: it shows something else. */
export const jobOfStream = (stream: string): number | null => (/^job:\d{1,15}$/.test(stream) ? Number(stream.slice(4)) : null);

/** `job`: null, there is none. `news`: changes when there may be more. */
export function useMoments(job: () => number | null, news: () => unknown) {
  const moments = shallowRef<readonly StepPicture[]>([]);
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function load(id: number): Promise<void> {
    try {
      const answer = await request<{ moments: readonly StepPicture[] }>("GET", `api/jobs/${id}/moments`);
      if (job() === id) moments.value = answer.moments;
    } catch {
      // They are an extra: without them a step is words, as it is when nobody watched.
    }
  }
  watch(
    [job, news],
    ([id], before) => {
      if (id !== before[0]) moments.value = [];
      if (id === null) return;
      timer ??= setTimeout(() => {
        timer = undefined;
        const now = job();
        if (now !== null) void load(now);
      }, SOON_MS);
    },
    { immediate: true },
  );
  onScopeDispose(() => clearTimeout(timer));
  return readonly(moments) as typeof moments;
}
