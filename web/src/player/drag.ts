// A picture that is larger than its pane is moved by dragging it. A finger scrolls by itself.

export function drag(view: HTMLElement, signal: AbortSignal): void {
  let from: { readonly x: number; readonly y: number; readonly left: number; readonly top: number } | null = null;
  const stop = (): void => {
    from = null;
    view.classList.remove("dragging");
  };
  view.addEventListener(
    "pointerdown",
    (event) => {
      const isLarger = view.scrollWidth > view.clientWidth || view.scrollHeight > view.clientHeight;
      // Beyond the client area are the scroll bars.
      const isInside = event.offsetX < view.scrollWidth && event.offsetY < view.scrollHeight;
      if (event.button !== 0 || event.pointerType === "touch" || !isLarger || !isInside) return;
      from = { x: event.clientX, y: event.clientY, left: view.scrollLeft, top: view.scrollTop };
      view.setPointerCapture(event.pointerId);
      view.classList.add("dragging");
      view.focus({ preventScroll: true });
      event.preventDefault();
    },
    { signal },
  );
  view.addEventListener(
    "pointermove",
    (event) => {
      if (from !== null) view.scrollTo(from.left + from.x - event.clientX, from.top + from.y - event.clientY);
    },
    { signal },
  );
  for (const end of ["pointerup", "pointercancel", "lostpointercapture"] as const) view.addEventListener(end, stop, { signal });
}
