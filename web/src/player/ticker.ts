// One clock for all panes of a page: ages are told once a second, and not at all when nobody looks.

const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

/** Call `listener` every second; call what is returned to stop. */
export function everySecond(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    for (const each of listeners) each();
  }, 1_000);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}
