// Where panes stand on an arranged wall: twelve columns, packed upward, nothing overlaps. Pure; every function returns a new list.

export const COLUMNS = 12;
/** A row is half as high as a column is wide: 4 by 5 is a picture of 16:9 with two lines under it. */
export const LEAST = { w: 2, h: 2 } as const;
export const MOST_ROWS = 40;

export interface Place {
  readonly id: string;
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

export type Span = Pick<Place, "w" | "h">;
export type Step = "left" | "right" | "up" | "down";

const overlaps = (a: Place, b: Place): boolean =>
  a.id !== b.id && a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
const isFree = (place: Place, others: readonly Place[]): boolean => !others.some((other) => overlaps(place, other));

/** Top to bottom, then left to right: how a person reads them. */
export const inReadingOrder = (places: readonly Place[]): Place[] => [...places].sort((a, b) => a.y - b.y || a.x - b.x);

export const rowsOf = (places: readonly Place[]): number => places.reduce((most, { y, h }) => Math.max(most, y + h), 0);

/** Inside the grid and not too small, whatever was asked for. */
export function within(place: Place): Place {
  const w = clamp(Math.round(place.w), LEAST.w, COLUMNS);
  const h = clamp(Math.round(place.h), LEAST.h, MOST_ROWS);
  return { id: place.id, w, h, x: clamp(Math.round(place.x), 0, COLUMNS - w), y: Math.max(0, Math.round(place.y)) };
}

/** Every pane as high as it can go without passing another; overlapping ones are moved apart. */
export function pack(places: readonly Place[]): Place[] {
  const settled: Place[] = [];
  for (const wanted of inReadingOrder(places.map(within))) {
    let y = wanted.y;
    while (y > 0 && isFree({ ...wanted, y: y - 1 }, settled)) y -= 1;
    while (!isFree({ ...wanted, y }, settled)) y += 1;
    settled.push({ ...wanted, y });
  }
  return settled;
}

/** One pane takes a place; who stands there goes above it if there is room now, and else below. */
export function put(places: readonly Place[], moved: Place): Place[] {
  const target = within(moved);
  const others = inReadingOrder(places.filter(({ id }) => id !== target.id));
  const settled: Place[] = [target];
  for (const other of others) settled.push(isFree(other, settled) ? other : aside(other, settled, others, target));
  return pack(settled);
}

function aside(place: Place, settled: readonly Place[], others: readonly Place[], target: Place): Place {
  // Only who is in the way of the pane itself may change sides with it; who is pushed by others only goes down.
  if (overlaps(place, target)) {
    const above = { ...place, y: Math.max(0, target.y - place.h) };
    if (above.y + above.h <= target.y && isFree(above, settled) && isFree(above, others)) return above;
  }
  let y = place.y;
  while (!isFree({ ...place, y }, settled)) y += 1;
  return { ...place, y };
}

/** One step by keyboard: the nearest place in that direction where something really changes. */
export function nudge(places: readonly Place[], id: string, step: Step): Place[] {
  const start = places.find((place) => place.id === id);
  if (start === undefined) return [...places];
  const dx = step === "left" ? -1 : step === "right" ? 1 : 0;
  const dy = step === "up" ? -1 : step === "down" ? 1 : 0;
  const far = dx === 0 ? Math.max(start.y, rowsOf(places)) : COLUMNS;
  for (let distance = 1; distance <= far; distance += 1) {
    const next = put(places, { ...start, x: start.x + dx * distance, y: start.y + dy * distance });
    const landed = next.find((place) => place.id === id)!;
    if (dx !== 0 && landed.x === start.x) break;
    if (Math.sign(landed.x - start.x) === dx && Math.sign(landed.y - start.y) === dy) return next;
    if (dx !== 0 && landed.x !== start.x) return next;
  }
  return [...places];
}

/** One step of size by keyboard: right and down grow. */
export function stretch(places: readonly Place[], id: string, step: Step): Place[] {
  const start = places.find((place) => place.id === id);
  if (start === undefined) return [...places];
  const dw = step === "left" ? -1 : step === "right" ? 1 : 0;
  const dh = step === "up" ? -1 : step === "down" ? 1 : 0;
  return put(places, { ...start, w: Math.min(start.w + dw, COLUMNS - start.x), h: start.h + dh });
}

/** Panes that have no place yet get the first free one, in the order given. */
export function admit(places: readonly Place[], ids: readonly string[], span: Span): Place[] {
  const all = [...places];
  for (const id of ids) {
    if (all.some((place) => place.id === id)) continue;
    const { w, h } = within({ id, x: 0, y: 0, ...span });
    let free: Place | undefined;
    for (let y = 0; free === undefined; y += 1) {
      for (let x = 0; x + w <= COLUMNS && free === undefined; x += 1) {
        const candidate = { id, x, y, w, h };
        if (isFree(candidate, all)) free = candidate;
      }
    }
    all.push(free);
  }
  return all;
}

const clamp = (value: number, least: number, most: number): number =>
  Number.isFinite(value) ? Math.min(most, Math.max(least, value)) : least;
