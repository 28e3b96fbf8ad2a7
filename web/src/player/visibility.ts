// Whether anybody can see an element, and how large it is.
import type { Size } from "./size";

export interface Visibility {
  readonly isVisible: boolean;
  readonly box: Size;
}

/** Resizing goes through many sizes; only the one that stays is asked for. */
const SETTLE_MS = 200;

/** Watch until the signal aborts. `changed` comes at once for visibility, and after a pause for size. */
export function watchVisibility(element: HTMLElement, signal: AbortSignal, changed: (now: Visibility) => void): void {
  let onScreen = false;
  let box: Size = { width: element.clientWidth, height: element.clientHeight };
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tell = (): void => changed({ isVisible: onScreen && !document.hidden && box.width > 0 && box.height > 0, box });

  const screen = new IntersectionObserver((entries) => {
    const last = entries[entries.length - 1];
    if (last === undefined || last.isIntersecting === onScreen) return;
    onScreen = last.isIntersecting;
    tell();
  });
  const size = new ResizeObserver(() => {
    const next = { width: element.clientWidth, height: element.clientHeight };
    if (next.width === box.width && next.height === box.height) return;
    const wasEmpty = box.width === 0 || box.height === 0;
    box = next;
    clearTimeout(timer);
    if (wasEmpty) tell();
    else timer = setTimeout(tell, SETTLE_MS);
  });
  screen.observe(element);
  size.observe(element);
  document.addEventListener("visibilitychange", tell, { signal });
  watchPixelRatio(signal, tell);
  signal.addEventListener("abort", () => {
    screen.disconnect();
    size.disconnect();
    clearTimeout(timer);
  });
}

/** A window that moves to another screen, or a browser zoom, changes what a CSS pixel is. */
function watchPixelRatio(signal: AbortSignal, changed: () => void): void {
  const query = matchMedia(`(resolution: ${devicePixelRatio}dppx)`);
  const again = (): void => {
    changed();
    if (!signal.aborted) watchPixelRatio(signal, changed);
  };
  query.addEventListener("change", again, { once: true, signal });
}
