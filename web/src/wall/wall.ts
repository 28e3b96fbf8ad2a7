// What a wall keeps: how panes are shown, which, and where. Read from storage and from the server, so nothing in it is believed.
import type { Kind } from "@/gen/messages";
import { pack, type Place } from "./grid";

export const TILES = ["small", "medium", "large", "arranged"] as const;
export const GROUPS = ["none", "kind", "state", "name"] as const;
export const SORTS = ["oldest", "newest", "name", "attention"] as const;
export const CONDITIONS = ["live", "static", "idle", "stale", "gone"] as const;
export const KIND_NAMES = ["page", "tab", "desktop", "monitor", "window", "producer", "job"] as const satisfies readonly Kind[];

export type Tiles = (typeof TILES)[number];
export type Group = (typeof GROUPS)[number];
export type Sort = (typeof SORTS)[number];
/** What a pane is worth to somebody who looks at it. */
export type Condition = (typeof CONDITIONS)[number];

/** Which panes are shown, and in which order: what a link may carry. */
export interface Look {
  readonly text: string;
  /** Empty: every kind. */
  readonly kinds: readonly Kind[];
  /** Empty: every condition. */
  readonly conditions: readonly Condition[];
  readonly group: Group;
  readonly sort: Sort;
}

export interface Wall extends Look {
  readonly version: 1;
  readonly tiles: Tiles;
  /** Used while tiles are arranged. */
  readonly places: readonly Place[];
  /** Streams that somebody took off this wall. */
  readonly hidden: readonly string[];
  /** Screens and windows that were chosen for it: they are captured when they are watched, so no list has them before. */
  readonly pins: readonly string[];
}

export const PLAIN_LOOK: Look = { text: "", kinds: [], conditions: [], group: "none", sort: "oldest" };
export const PLAIN: Wall = { version: 1, tiles: "medium", places: [], hidden: [], pins: [], ...PLAIN_LOOK };

const MOST_PLACES = 200;
const MOST_PINS = 50;
const MOST_TEXT = 200;
const MOST_ID = 300;

/** A wall from anything; what is missing or broken is as on a plain wall. */
export function wallFrom(content: unknown): Wall {
  if (!isRecord(content)) return PLAIN;
  return {
    version: 1,
    ...lookFrom(content),
    tiles: oneOf(TILES, content.tiles) ?? PLAIN.tiles,
    places: placesFrom(content.places),
    hidden: idsFrom(content.hidden, MOST_PLACES),
    pins: idsFrom(content.pins, MOST_PINS),
  };
}

export function lookFrom(content: Readonly<Record<string, unknown>>): Look {
  return {
    text: typeof content.text === "string" ? content.text.slice(0, MOST_TEXT) : "",
    kinds: someOf(KIND_NAMES, content.kinds),
    conditions: someOf(CONDITIONS, content.conditions),
    group: oneOf(GROUPS, content.group) ?? "none",
    sort: oneOf(SORTS, content.sort) ?? "oldest",
  };
}

/** Whether two walls show the same; the order in which something was ticked means nothing. */
export const isSameWall = (a: Wall, b: Wall): boolean => canonical(a) === canonical(b);

function canonical(wall: Wall): string {
  const { text, kinds, conditions, group, sort, tiles, places, hidden, pins } = wall;
  const byId = [...places].sort((a, b) => (a.id < b.id ? -1 : 1)).map(({ id, x, y, w, h }) => [id, x, y, w, h]);
  // Where panes would stand says nothing while they are not arranged.
  return JSON.stringify([text, someOf(KIND_NAMES, kinds), someOf(CONDITIONS, conditions), group, sort, tiles, tiles === "arranged" ? byId : [], [...hidden].sort(), [...pins].sort()]);
}

function placesFrom(content: unknown): Place[] {
  const seen = new Set<string>();
  const places: Place[] = [];
  for (const one of list(content)) {
    if (!isRecord(one) || !isId(one.id) || seen.has(one.id)) continue;
    const { id, x, y, w, h } = one;
    if (![x, y, w, h].every((value) => typeof value === "number" && Number.isFinite(value) && Math.abs(value) < 10_000)) continue;
    seen.add(id);
    places.push({ id, x: Number(x), y: Number(y), w: Number(w), h: Number(h) });
  }
  return pack(places.slice(0, MOST_PLACES));
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);
const isId = (value: unknown): value is string => typeof value === "string" && value !== "" && value.length <= MOST_ID;
const idsFrom = (content: unknown, most: number): string[] => [...new Set(list(content).filter(isId))].slice(0, most);
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const oneOf = <T extends string>(all: readonly T[], value: unknown): T | undefined => all.find((one) => one === value);
/** In the order of `all`, each once. */
export const someOf = <T extends string>(all: readonly T[], value: unknown): T[] => all.filter((one) => list(value).includes(one));
