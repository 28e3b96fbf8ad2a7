// How much of each second this page was too busy to show anything.
import { onScopeDispose } from "vue";

const WINDOW_MS = 3_000;

/** ms of each second in stretches of 50 ms or longer, over the last three; null where the browser does not tell. */
export function useBlocked(): () => number | null {
  if (!PerformanceObserver.supportedEntryTypes.includes("longtask")) return () => null;
  let marks: { readonly end: number; readonly duration: number }[] = [];
  const observer = new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) marks.push({ end: startTime + duration, duration });
  });
  observer.observe({ type: "longtask" });
  onScopeDispose(() => observer.disconnect());
  return () => {
    const from = performance.now() - WINDOW_MS;
    marks = marks.filter(({ end }) => end > from);
    return (marks.reduce((sum, { duration }) => sum + duration, 0) * 1000) / WINDOW_MS;
  };
}
