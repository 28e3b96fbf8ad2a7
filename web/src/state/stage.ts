// Zooming and moving two aligned pictures by wheel, finger, mouse and key: one view for both of them.
import { useDevicePixelRatio, useElementSize } from "@vueuse/core";
import { computed, readonly, type Ref, ref, shallowRef, watch } from "vue";
import { fit, held, isLarger, moved, type Size, type View, zoomed } from "@/compare/align";

interface Point {
  readonly x: number;
  readonly y: number;
}
/** What the page around the pictures may do with them. */
export interface Stage {
  readonly percent: number;
  readonly isFit: boolean;
  readonly larger: boolean;
  readonly room: Size;
  fitAll(): void;
  actual(): void;
  zoomIn(): void;
  zoomOut(): void;
  pan(dx: number, dy: number): void;
}
/** A turn of the wheel by so many px doubles the size. */
const WHEEL_DOUBLES = 400;
const STEP = 1.4;

/** `pane`: where one picture is shown; `box`: the size of the larger one; `divider`: where it is, px of the pane, null when there is none; `slide` moves it. */
export function useStage(pane: Readonly<Ref<HTMLElement | null>>, box: () => Size, divider: () => number | null, slide: (x: number) => void) {
  const { width, height } = useElementSize(pane);
  const { pixelRatio } = useDevicePixelRatio();
  const room = computed<Size>(() => ({ width: Math.max(1, width.value), height: Math.max(1, height.value) }));
  const view = shallowRef<View>({ scale: 1, x: 0, y: 0 });
  /** Nothing was zoomed: it fits again when the window changes. */
  const isFit = ref(true);
  const fingers = new Map<number, Point>();
  let drag: "divider" | "pan" | "pinch" | null = null;
  /** How far beside the divider its handle was taken. */
  let grip = 0;

  const larger = computed(() => isLarger(view.value, box(), room.value));
  /** 100: a pixel of the larger picture is a pixel of the screen. */
  const percent = computed(() => Math.round(view.value.scale * pixelRatio.value * 100));

  watch([room, () => box().width, () => box().height], () => (view.value = isFit.value ? fit(box(), room.value) : held(view.value, box(), room.value)), { immediate: true });

  const middle = (): Point => ({ x: room.value.width / 2, y: room.value.height / 2 });
  function zoomTo(scale: number, at = middle()): void {
    view.value = zoomed(view.value, scale, at, box(), room.value);
    isFit.value = Math.abs(view.value.scale - fit(box(), room.value).scale) < 1e-6;
  }
  function fitAll(): void {
    view.value = fit(box(), room.value);
    isFit.value = true;
  }
  const actual = (at = middle()): void => zoomTo(1 / pixelRatio.value, at);
  const zoomBy = (factor: number, at = middle()): void => zoomTo(view.value.scale * factor, at);
  const pan = (dx: number, dy: number): void => void (view.value = moved(view.value, dx, dy, box(), room.value));

  /** Within the pane that is under the hand: with two of them, either. */
  function pointOf(event: { readonly clientX: number; readonly clientY: number; readonly target: EventTarget | null }): Point {
    const under = event.target instanceof Element ? event.target.closest("[data-pane]") : null;
    const { left, top } = (under ?? pane.value)?.getBoundingClientRect() ?? { left: 0, top: 0 };
    return { x: event.clientX - left, y: event.clientY - top };
  }

  function wheel(event: WheelEvent): void {
    // Where the page itself scrolls, only with Ctrl, which is also what a pinch on a touchpad sends.
    if (!event.ctrlKey && document.documentElement.scrollHeight > innerHeight + 1) return;
    event.preventDefault();
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? 1 : 16;
    zoomBy(2 ** ((-event.deltaY * lines * (event.ctrlKey ? 4 : 1)) / WHEEL_DOUBLES), pointOf(event));
  }
  function down(event: PointerEvent): void {
    if (event.button !== 0 || (event.target instanceof Element && event.target.closest("button, a, input, select, label") !== null)) return;
    const { currentTarget } = event;
    if (currentTarget instanceof Element) currentTarget.setPointerCapture(event.pointerId);
    fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    if (fingers.size === 2) drag = "pinch";
    else if (fingers.size === 1) {
      const isOnDivider = event.target instanceof Element && event.target.closest("[role=slider]") !== null;
      const { x } = pointOf(event);
      const at = divider();
      drag = at !== null && (isOnDivider || !larger.value) ? "divider" : larger.value ? "pan" : null;
      grip = at !== null && isOnDivider ? x - at : 0;
      if (drag === "divider") slide(x - grip);
    }
  }
  function move(event: PointerEvent): void {
    const before = fingers.get(event.pointerId);
    if (before === undefined) return;
    const now = { x: event.clientX, y: event.clientY };
    const pair = [...fingers.values()];
    fingers.set(event.pointerId, now);
    if (drag === "divider") slide(event.clientX - (pane.value?.getBoundingClientRect().left ?? 0) - grip);
    else if (drag === "pan") pan(now.x - before.x, now.y - before.y);
    else if (drag === "pinch" && pair.length === 2) {
      const [a, b] = pair as [Point, Point];
      const [c, d] = [...fingers.values()] as [Point, Point];
      const apart = (one: Point, other: Point): number => Math.hypot(one.x - other.x, one.y - other.y);
      const between = (one: Point, other: Point): Point => ({ x: (one.x + other.x) / 2, y: (one.y + other.y) / 2 });
      const { left, top } = pane.value?.getBoundingClientRect() ?? { left: 0, top: 0 };
      const at = between(c, d);
      const from = between(a, b);
      zoomBy(apart(c, d) / Math.max(1, apart(a, b)), { x: at.x - left, y: at.y - top });
      pan(at.x - from.x, at.y - from.y);
    }
  }
  function up(event: PointerEvent): void {
    fingers.delete(event.pointerId);
    drag = fingers.size === 1 && larger.value ? "pan" : null;
  }
  const double = (event: MouseEvent): void => {
    if (event.target instanceof Element && event.target.closest("button, a, input, select, label, [role=slider]") !== null) return;
    if (isFit.value) actual(pointOf(event));
    else fitAll();
  };

  return { view, room, isFit: readonly(isFit), larger, percent, fitAll, actual, zoomIn: () => zoomBy(STEP), zoomOut: () => zoomBy(1 / STEP), pan, on: { wheel, pointerdown: down, pointermove: move, pointerup: up, pointercancel: up, dblclick: double } };
}
