// Which panes a wall shows, in which order and in which groups. Pure.
import type { Kind, StreamModel } from "@/gen/messages";
import { type Condition, CONDITIONS, KIND_NAMES, type Look } from "./wall";

export interface Pane {
  readonly id: string;
  readonly stream: StreamModel | undefined;
  readonly kind: Kind;
  readonly condition: Condition;
}

/** Panes with what they have in common: `key`. Of a name it is how it starts; "": nothing with any other. */
export type Section = { readonly panes: readonly Pane[] } & (
  | { readonly by: "none"; readonly key: null }
  | { readonly by: "kind"; readonly key: Kind }
  | { readonly by: "state"; readonly key: Condition }
  | { readonly by: "name"; readonly key: string }
);

export interface Facets {
  readonly kinds: ReadonlyMap<Kind, number>;
  readonly conditions: ReadonlyMap<Condition, number>;
}

/** The kind of an id such as `page:k3f9`; an unknown one counts as a page. */
export const kindName = (id: string): Kind => KIND_NAMES.find((kind) => id.startsWith(`${kind}:`)) ?? "page";

/** What a stream is worth now. Idle: nobody looks, so nobody knows; `before` is what it was when somebody did. */
export function conditionOf(stream: StreamModel | undefined, isLate: boolean, before: Condition | undefined): Condition {
  switch (stream?.state) {
    case undefined:
    case "gone":
    case "reconnecting":
      return "gone";
    case "hidden":
      return "stale";
    case "live":
      return isLate || isOverdue(stream) ? "stale" : "live";
    case "static":
      return isOverdue(stream) ? "stale" : "static";
    case "idle":
    case "starting":
      return before === "live" || before === "static" ? before : "idle";
  }
}

/** Single requests feed it, and the next one is late. */
const isOverdue = (stream: StreamModel): boolean => stream.pushed !== null && stream.pushed.status !== "fresh";

export const isFiltering = ({ text, kinds, conditions }: Look): boolean => text.trim() !== "" || kinds.length > 0 || conditions.length > 0;

function hasText({ id, stream }: Pane, wanted: string): boolean {
  return [id, stream?.title, stream?.url, stream?.action?.label].some((text) => text?.toLowerCase().includes(wanted));
}

export function filtered(panes: readonly Pane[], { text, kinds, conditions }: Look): Pane[] {
  const wanted = text.trim().toLowerCase();
  return panes.filter(
    (pane) =>
      (kinds.length === 0 || kinds.includes(pane.kind)) &&
      (conditions.length === 0 || conditions.includes(pane.condition)) &&
      (wanted === "" || hasText(pane, wanted)),
  );
}

/** How many panes each choice would show, given the other choices. */
export function facetsOf(panes: readonly Pane[], look: Look): Facets {
  return {
    kinds: counted(filtered(panes, { ...look, kinds: [] }).map(({ kind }) => kind)),
    conditions: counted(filtered(panes, { ...look, conditions: [] }).map(({ condition }) => condition)),
  };
}

function counted<T>(values: readonly T[]): Map<T, number> {
  const counts = new Map<T, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

const URGENCY: Readonly<Record<Condition, number>> = { gone: 0, stale: 1, live: 2, static: 2, idle: 2 };
const order = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });
const byName = (a: Pane, b: Pane): number => order.compare(a.stream?.title || a.id, b.stream?.title || b.id) || (a.id < b.id ? -1 : 1);

/** `arrival`: the ids in the order in which this page learned of them. */
export function sorted(panes: readonly Pane[], sort: Look["sort"], arrival: ReadonlyMap<string, number>): Pane[] {
  switch (sort) {
    case "oldest":
      return [...panes].sort((a, b) => (arrival.get(a.id) ?? 0) - (arrival.get(b.id) ?? 0));
    case "name":
      return [...panes].sort(byName);
    case "newest":
      return [...panes].sort((a, b) => (arrival.get(b.id) ?? 0) - (arrival.get(a.id) ?? 0));
    case "attention":
      return [...panes].sort((a, b) => URGENCY[a.condition] - URGENCY[b.condition] || byName(a, b));
  }
}

export function grouped(panes: readonly Pane[], group: Look["group"]): Section[] {
  const sections = (): Section[] => {
    switch (group) {
      case "none":
        return [{ by: group, key: null, panes }];
      case "kind":
        return KIND_NAMES.map((key) => ({ by: group, key, panes: panes.filter(({ kind }) => kind === key) }));
      case "state":
        return CONDITIONS.map((key) => ({ by: group, key, panes: panes.filter(({ condition }) => condition === key) }));
      case "name":
        return byStart(panes);
    }
  };
  return sections().filter((section) => section.panes.length > 0);
}

/** In alphabetical order. Who shares its start with nobody stands in one section with the others of that sort, at the end. */
function byStart(panes: readonly Pane[]): Section[] {
  const starts = new Map<string, { readonly key: string; readonly panes: Pane[] }>();
  for (const pane of panes) {
    const key = startOf(pane.stream?.title || pane.id.slice(pane.id.indexOf(":") + 1));
    const known = starts.get(key.toLocaleLowerCase());
    if (known === undefined) starts.set(key.toLocaleLowerCase(), { key, panes: [pane] });
    else known.panes.push(pane);
  }
  const shared = [...starts.values()].filter((one) => one.panes.length > 1).sort((a, b) => order.compare(a.key, b.key));
  const together = new Set(shared.flatMap((one) => one.panes));
  return [...shared, { key: "", panes: panes.filter((pane) => !together.has(pane)) }].map((one) => ({ by: "name", ...one }));
}

/** How a name starts: `shop` of `shop-1`, `shop2` and `Shop / Checkout`; of an address its host. */
export function startOf(name: string): string {
  const host = /^(?:[a-z][a-z0-9+.-]*:\/\/([^\s/?#]+)|([^\s/?#]+:\d+)(?=[/?#]|$))/i.exec(name.trim());
  if (host !== null) return host[1] ?? host[2] ?? "";
  const first = name.split(/[-–—/._:|·,\s]+/u).find((part) => part !== "") ?? name.trim();
  return first.replace(/\d+$/u, "") || first;
}

/** "30 panes, 28 live, 1 stale, 1 gone" */
export function summaryOf(panes: readonly Pane[], isConnected: boolean): string {
  const all = `${panes.length} ${panes.length === 1 ? "pane" : "panes"}`;
  // What was live when the connection was lost is not live now, for all we know.
  if (!isConnected) return all;
  const counts = counted(panes.map(({ condition }) => condition));
  const parts = CONDITIONS.map((condition) => [counts.get(condition) ?? 0, condition] as const).filter(([count]) => count > 0);
  return [all, ...parts.map(([count, condition]) => `${count} ${condition}`)].join(", ");
}
