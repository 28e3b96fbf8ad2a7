// Follows events while a view is there and somebody looks at it: a hidden tab gives its line up after a while, and goes on where it was.
import { useDocumentVisibility } from "@vueuse/core";
import { onScopeDispose, readonly, ref, watch } from "vue";
import type { ServerEvent } from "@/net/sse";
import { follow, type Following } from "./follow";

/** A browser opens six lines to one server: a tab that nobody sees must not keep one from those that are seen. */
const HIDDEN_MS = 20_000;

export interface Line extends Pick<Following, "opened" | "refused" | "isOver"> {
  readonly events: (events: readonly ServerEvent[]) => void;
}

export function useFollowing() {
  const visibility = useDocumentVisibility();
  /** Why nothing new comes just now; "": it does. */
  const lost = ref("");
  let leaving: AbortController | null = null;
  let current: { url: string; line: Line; last: string } | null = null;
  let hiding: ReturnType<typeof setTimeout> | undefined;

  function run(): void {
    leaving?.abort();
    const now = current;
    if (now === null) return;
    const mine = (leaving = new AbortController());
    void follow(
      now.url,
      {
        ...now.line,
        events: (events) => {
          if (mine.signal.aborted) return;
          now.last = events.at(-1)?.id || now.last;
          now.line.events(events);
        },
        opened: () => {
          lost.value = "";
          now.line.opened?.();
        },
        lost: (sentence) => (lost.value = sentence),
      },
      { signal: mine.signal, after: now.last },
    );
  }

  /** From now on this, and nothing else. */
  function start(url: string, line: Line): void {
    current = { url, line, last: "" };
    lost.value = "";
    run();
  }
  function stop(): void {
    current = null;
    leaving?.abort();
    leaving = null;
  }

  watch(visibility, (now) => {
    clearTimeout(hiding);
    if (now === "hidden") {
      hiding = setTimeout(() => {
        leaving?.abort();
        leaving = null;
      }, HIDDEN_MS);
    } else if (leaving === null) run();
  });
  onScopeDispose(() => {
    clearTimeout(hiding);
    stop();
  });
  return { start, stop, again: run, lost: readonly(lost) };
}

/** Gathers what comes at once, and hands it over with the next picture of the screen: a thousand events are one change of the page. */
export function gathered<T>(take: (all: readonly T[]) => void): (some: readonly T[]) => void {
  let waiting: T[] = [];
  return (some) => {
    const isFirst = waiting.length === 0;
    waiting.push(...some);
    if (!isFirst || waiting.length === 0) return;
    const flush = (): void => {
      const all = waiting;
      waiting = [];
      take(all);
    };
    if (document.hidden) setTimeout(flush, 100);
    else requestAnimationFrame(flush);
  };
}
