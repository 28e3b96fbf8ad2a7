// The hands that move and resize panes: by pointer (mouse, pen, touch) and by keyboard.
import { nextTick } from "vue";
import { announce } from "@/state/announce";
import { type Arranging, arranging, type Deed } from "@/state/arranging";
import { COLUMNS, nudge, type Place, put, type Step, stretch, within } from "./grid";

export interface Task {
  readonly id: string;
  /** What a screen reader calls it. */
  readonly title: string;
  readonly deed: Deed;
  /** Everybody on the wall, packed. */
  readonly places: readonly Place[];
  readonly grid: HTMLElement;
  readonly tile: HTMLElement;
  readonly keep: (places: readonly Place[]) => void;
}

const EDGE_PX = 56;
const STEPS: Readonly<Record<string, Step>> = { ArrowLeft: "left", ArrowRight: "right", ArrowUp: "up", ArrowDown: "down" };

let stop: AbortController | null = null;
let finish: (() => void) | null = null;

/** Follow a pointer that went down at `start` until it goes up; Escape puts everything back. */
export function drag(task: Task, pointer: number, start: { readonly x: number; readonly y: number }): void {
  const { signal, begun } = begin(task, "pointer");
  const { columnStep, rowStep } = measure(task.grid);
  const from = { x: start.x, y: start.y + scrollY };
  let at: { readonly x: number; readonly y: number } = start;
  let frame = 0;

  const follow = (): void => {
    frame = 0;
    if (arranging.value === null) return;
    const nearTop = at.y < EDGE_PX;
    const nearBottom = at.y > innerHeight - EDGE_PX;
    if (nearTop || nearBottom) {
      const before = scrollY;
      scrollBy({ top: nearTop ? at.y - EDGE_PX : at.y - innerHeight + EDGE_PX, behavior: "instant" });
      if (scrollY !== before) schedule();
    }
    const shift = { x: at.x - from.x, y: at.y + scrollY - from.y };
    const across = Math.round(shift.x / columnStep);
    const down = Math.round(shift.y / rowStep);
    const wanted =
      task.deed === "move"
        ? within({ ...begun, x: begun.x + across, y: begun.y + down })
        : within({ ...begun, w: Math.min(begun.w + across, COLUMNS - begun.x), h: begun.h + down });
    const now = arranging.value.places.get(task.id);
    const isSame = last !== null && (["x", "y", "w", "h"] as const).every((key) => last![key] === wanted[key]);
    const places = isSame && now !== undefined ? arranging.value.places : byId(put(task.places, wanted));
    last = wanted;
    arranging.value = { ...arranging.value, places, shift };
  };
  let last: Place | null = null;
  const schedule = (): void => {
    if (frame === 0) frame = requestAnimationFrame(follow);
  };
  const mine = (event: PointerEvent): boolean => event.pointerId === pointer;

  addEventListener("pointermove", (event) => {
    if (!mine(event)) return;
    at = { x: event.clientX, y: event.clientY };
    schedule();
  }, { signal });
  addEventListener("pointerup", (event) => {
    if (!mine(event)) return;
    at = { x: event.clientX, y: event.clientY };
    follow();
    end(task, true);
  }, { signal });
  addEventListener("pointercancel", (event) => mine(event) && end(task, false), { signal });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    end(task, false);
  }, { signal, capture: true });
  signal.addEventListener("abort", () => cancelAnimationFrame(frame));
}

/** Arrow keys move or resize; Enter keeps, Escape puts back, and what leads elsewhere keeps. */
export function steer(task: Task): void {
  const { signal } = begin(task, "keys");
  task.tile.scrollIntoView({ block: "nearest" });
  const deed = task.deed === "move" ? "Moving" : "Resizing";
  announce(`${deed} ${task.title}. ${where(task)} Arrow keys ${task.deed} it, Enter keeps it, Escape puts it back.`);

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const step = STEPS[event.key];
    if (step !== undefined) go(task, step);
    else if (event.key === "Enter" || event.key === " ") end(task, true);
    else if (event.key === "Escape") end(task, false);
    else {
      if (event.key === "Tab") end(task, true);
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }, { signal, capture: true });
  document.addEventListener("pointerdown", (event) => {
    if (!(event.target instanceof Node && task.tile.contains(event.target))) end(task, true);
  }, { signal, capture: true });
}

function go(task: Task, step: Step): void {
  const current = arranging.value;
  if (current === null) return;
  const before = [...current.places.values()];
  const places = byId((task.deed === "move" ? nudge : stretch)(before, task.id, step));
  const was = current.places.get(task.id);
  const is = places.get(task.id);
  arranging.value = { ...current, places };
  const isSame = was !== undefined && is !== undefined && was.x === is.x && was.y === is.y && was.w === is.w && was.h === is.h;
  announce(isSame ? "No further." : where(task));
  void nextTick(() => task.tile.scrollIntoView({ block: "nearest" }));
}

/** End what is under way, keeping it: the wall is about to change for another reason. */
export const settle = (): void => finish?.();

function begin(task: Task, by: Arranging["by"]): { readonly signal: AbortSignal; readonly begun: Place } {
  settle();
  const begun = task.places.find(({ id }) => id === task.id);
  if (begun === undefined) throw new Error(`${task.id} has no place on this wall`);
  arranging.value = { id: task.id, deed: task.deed, by, places: byId(task.places), shift: { x: 0, y: 0 } };
  stop = new AbortController();
  finish = () => end(task, true);
  return { signal: stop.signal, begun };
}

function end(task: Task, isKept: boolean): void {
  const done = arranging.value;
  stop?.abort();
  stop = finish = arranging.value = null;
  if (done === null) return;
  const focused = document.activeElement;
  const what = task.deed === "move" ? "Moved" : "Resized";
  if (isKept) {
    task.keep([...done.places.values()]);
    const place = done.places.get(task.id);
    announce(`${what} ${task.title}.${place === undefined ? "" : ` ${place.w} by ${place.h}, at column ${place.x + 1}, row ${place.y + 1}.`}`);
  } else announce(`${task.title} is where it was.`);
  // In the new reading order its element may have moved in the document, which takes the focus away.
  void nextTick(() => {
    if (focused instanceof HTMLElement && task.tile.contains(focused) && document.activeElement !== focused) focused.focus({ preventScroll: true });
  });
}

function where({ id, deed }: Task): string {
  const place = arranging.value?.places.get(id);
  if (place === undefined) return "";
  return deed === "move" ? `Column ${place.x + 1}, row ${place.y + 1}.` : `${place.w} columns wide, ${place.h} rows high.`;
}

const byId = (places: readonly Place[]): Map<string, Place> => new Map(places.map((place) => [place.id, place]));

/** px from one column, and one row, to the next. */
function measure(grid: HTMLElement): { readonly columnStep: number; readonly rowStep: number } {
  const gap = Number.parseFloat(getComputedStyle(grid).getPropertyValue("--gap")) || 0;
  const column = (grid.clientWidth - (COLUMNS - 1) * gap) / COLUMNS;
  return { columnStep: column + gap, rowStep: column / 2 + gap };
}
