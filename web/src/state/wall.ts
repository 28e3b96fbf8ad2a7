// The wall that is shown: this browser's own, or one of the server's layouts with what was changed on it since.
import { computed, ref, shallowRef } from "vue";
import { pack, type Place } from "@/wall/grid";
import { isSameWall, PLAIN, PLAIN_LOOK, type Wall, wallFrom } from "@/wall/wall";
import { ApiError, sentenceOf } from "./api";
import { layoutOf, saveLayout } from "./layouts";
import { browserMemory } from "./memory";

const KEY = "livepane.wall.v1";
const MOST_DRAFTS = 20;

interface Kept {
  readonly own: Wall;
  /** Unsaved changes, by the name of the layout. */
  readonly drafts: Readonly<Record<string, Wall>>;
}

/** What was saved under a name that is opened next: it need not come again, and what is changed at once is not lost. */
let handed: { readonly name: string; readonly wall: Wall } | null = null;
const kept = shallowRef<Kept>(keptFrom(browserMemory.getItem(KEY)));

/** The name of the layout that is shown; null: this browser's own wall. */
export const layout = ref<string | null>(null);
/** The layout as the server has it; null on the own wall, and until it has come. */
export const saved = shallowRef<Wall | null>(null);
export const wall = shallowRef<Wall>(kept.value.own);
/** Why a layout is not shown, in the server's words. */
export const layoutError = ref("");
export const hasChanges = computed(() => saved.value !== null && !isSameWall(wall.value, saved.value));

/** What filter and order are compared with, to write only what differs into the address. */
export const base = computed<Wall>(() => saved.value ?? (layout.value === null ? { ...kept.value.own, ...PLAIN_LOOK } : PLAIN));

export function change(part: Partial<Omit<Wall, "version">>): void {
  wall.value = { ...wall.value, ...part };
  keep();
}

/** Panes stand where they were put from now on. */
export function arrange(places: readonly Place[]): void {
  change({ tiles: "arranged", places: pack(places) });
}

export function hide(stream: string): void {
  const { hidden, places, pins } = wall.value;
  change({ hidden: [...new Set([...hidden, stream])], places: places.filter(({ id }) => id !== stream), pins: pins.filter((one) => one !== stream) });
}

/** Take away places, without hiding what may come there again. */
export function vacate(ids: readonly string[]): void {
  const { places, pins } = wall.value;
  if (!places.some(({ id }) => ids.includes(id)) && !pins.some((id) => ids.includes(id))) return;
  change({ places: places.filter(({ id }) => !ids.includes(id)), pins: pins.filter((id) => !ids.includes(id)) });
}

export function pin(stream: string): void {
  const { hidden, pins } = wall.value;
  change({ hidden: hidden.filter((one) => one !== stream), pins: [...new Set([...pins, stream])] });
}

/** Show the own wall, or a layout of the server with the changes that this browser still has. */
export async function open(name: string | null): Promise<void> {
  const known = handed?.name === name ? handed.wall : null;
  handed = null;
  layout.value = name;
  saved.value = known;
  layoutError.value = "";
  const shown = known ?? (name === null ? kept.value.own : (kept.value.drafts[name] ?? PLAIN));
  wall.value = shown;
  if (name === null || known !== null) return;
  try {
    const found = wallFrom(await layoutOf(name));
    if (layout.value !== name) return;
    const { tiles, group, sort } = wall.value;
    saved.value = found;
    wall.value = kept.value.drafts[name] ?? found;
    // Chosen while the layout was on its way.
    if (tiles !== shown.tiles) change({ tiles });
    if (group !== shown.group) change({ group });
    if (sort !== shown.sort) change({ sort });
  } catch (caught) {
    if (layout.value === name) layoutError.value = caught instanceof ApiError && caught.status === 404 ? `There is no wall called “${name}”. It may have another name now, or was deleted.` : sentenceOf(caught);
  }
}

/** Keep the wall on the server. Throws ApiError. Under a name of its own, the own wall or another layout stays as it was. */
export async function save(name: string): Promise<void> {
  const now = wall.value;
  await saveLayout(name, now);
  forget(name);
  if (layout.value !== null && layout.value !== name) forget(layout.value);
  if (layout.value === name) saved.value = now;
  else handed = { name, wall: now };
}

export function discard(): void {
  if (saved.value === null || layout.value === null) return;
  wall.value = saved.value;
  forget(layout.value);
}

/** No changes are kept for this layout any more. */
export function forget(name: string): void {
  write({ ...kept.value, drafts: Object.fromEntries(Object.entries(kept.value.drafts).filter(([one]) => one !== name)) });
}

function keep(): void {
  const name = layout.value;
  // A filter belongs to the address: who comes back to the own wall tomorrow wants to see all of it.
  if (name === null) write({ ...kept.value, own: { ...wall.value, text: "", kinds: [], conditions: [] } });
  else if (saved.value !== null && !hasChanges.value) forget(name);
  else if (saved.value !== null) {
    const others = Object.entries(kept.value.drafts).filter(([one]) => one !== name);
    write({ ...kept.value, drafts: Object.fromEntries([...others.slice(1 - MOST_DRAFTS), [name, wall.value]]) });
  }
}

function write(now: Kept): void {
  kept.value = now;
  browserMemory.setItem(KEY, JSON.stringify({ version: 1, ...now }));
}

function keptFrom(text: string | null): Kept {
  const content = parsed(text);
  if (typeof content !== "object" || content === null || (content as { version?: unknown }).version !== 1) {
    return { own: wallFrom({ tiles: browserMemory.getItem("livepane.density"), pins: pinsOfOld() }), drafts: {} };
  }
  const { own, drafts } = content as { own?: unknown; drafts?: unknown };
  const entries = typeof drafts === "object" && drafts !== null ? Object.entries(drafts).slice(-MOST_DRAFTS) : [];
  return { own: wallFrom({ pins: pinsOfOld(), ...(own as object | null) }), drafts: Object.fromEntries(entries.map(([name, draft]) => [name, wallFrom(draft)])) };
}

/** They were beside the walls once, the same ones for all of them. */
function pinsOfOld(): unknown {
  return parsed(browserMemory.getItem("livepane.pins"));
}

function parsed(text: string | null): unknown {
  try {
    return JSON.parse(text ?? "null");
  } catch {
    return null;
  }
}
