// The panes of the wall that is shown: what is listed, what was chosen, and what has a place though it is not here.
import { computed, shallowReactive } from "vue";
import { admit, type Place, type Span } from "@/wall/grid";
import { conditionOf, facetsOf, filtered, grouped, kindName, type Pane, sorted } from "@/wall/panes";
import type { Condition, Tiles } from "@/wall/wall";
import { connection, isListed, streamOf, streams } from "./live";
import { wall } from "./wall";

/** Streams whose picture here is older than it should be. Only the pane knows. */
export const late = shallowReactive(new Set<string>());
const lastSeen = new Map<string, Condition>();
const arrival = new Map<string, number>();

/** How large a tile is that was not arranged yet. */
export const SPANS: Readonly<Record<Tiles, Span>> = {
  small: { w: 3, h: 4 },
  medium: { w: 4, h: 5 },
  large: { w: 6, h: 7 },
  arranged: { w: 4, h: 5 },
};

export const panes = computed<readonly Pane[]>(() => {
  const { hidden, pins, places, tiles } = wall.value;
  const placed = tiles === "arranged" && isListed.value ? places.map(({ id }) => id) : [];
  // A job that is over has its page in the queue: a wall of what has ended would hide what goes on.
  const here = streams.value.filter(({ id, state }) => !(id.startsWith("job:") && state === "gone"));
  const ids = new Set([...here.map(({ id }) => id), ...pins, ...placed]);
  for (const id of hidden) ids.delete(id);
  return [...ids].map((id) => {
    if (!arrival.has(id)) arrival.set(id, arrival.size);
    const stream = streamOf(id);
    const condition = conditionOf(stream, late.has(id), lastSeen.get(id));
    lastSeen.set(id, condition);
    return { id, stream, kind: kindName(id), condition };
  });
});
export const shown = computed(() => filtered(panes.value, wall.value));
export const facets = computed(() => facetsOf(panes.value, wall.value));
/** Everybody's place: those that were put somewhere, and the first free ones for who came since. */
export const places = computed<ReadonlyMap<string, Place>>(() => {
  if (wall.value.tiles !== "arranged") return new Map();
  const here = new Set(panes.value.map(({ id }) => id));
  const all = admit(wall.value.places.filter(({ id }) => here.has(id)), [...here], SPANS.arranged);
  return new Map(all.map((place) => [place.id, place]));
});
export const sections = computed(() => grouped(sorted(shown.value, wall.value.sort, arrival), wall.value.group));
export const isConnected = computed(() => connection.value.phase === "open");
/** Panes that have a place, and no stream. */
export const absent = computed(() => (isListed.value && isConnected.value ? panes.value.filter(({ stream }) => stream === undefined) : []));
