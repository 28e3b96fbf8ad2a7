// The journal of a job, put together for a person: its moments, its results, its log. Pure.
import type { ActionModel } from "@/gen/messages";
import type { ServerEvent } from "@/net/sse";

export const EVENT_KINDS = ["queued", "started", "action", "progress", "item", "warning", "retrying", "finished"] as const;
export type EventKind = (typeof EVENT_KINDS)[number];

export interface JobEvent {
  readonly id: number;
  readonly job: number;
  /** ms since the Unix epoch, the server's clock */
  readonly at: number;
  readonly kind: EventKind;
  readonly data: Readonly<Record<string, unknown>>;
}

export type Item = Readonly<Record<string, unknown>>;
export type Tone = "calm" | "good" | "wait" | "warn" | "bad";

export interface LogLine {
  readonly id: number;
  readonly at: number;
  readonly kind: EventKind;
  readonly tone: Tone;
  readonly text: string;
  /** What belongs to it, smaller: a selector, a code. */
  readonly detail: string;
}

export interface Journal {
  readonly actions: readonly ActionModel[];
  readonly log: readonly LogLine[];
  readonly warnings: number;
  readonly items: readonly Item[];
  /** Results that were not kept because there are too many to look at. */
  readonly left: number;
  readonly lastId: number;
  /** The attempt that the items are of. */
  readonly attempt: number;
}

export const EMPTY: Journal = { actions: [], log: [], warnings: 0, items: [], left: 0, lastId: 0, attempt: 0 };
/** More than this nobody looks at in a browser; a download has them all. */
export const MOST_ITEMS = 5_000;
const MOST_LINES = 2_000;
const MOST_ACTIONS = 500;

export function eventFrom({ data }: ServerEvent): JobEvent | null {
  try {
    const event = JSON.parse(data) as JobEvent;
    return EVENT_KINDS.includes(event.kind) ? event : null;
  } catch {
    return null;
  }
}

/** The journal with what has come since; what has been told already changes nothing. */
export function grown(journal: Journal, events: readonly JobEvent[], clock: (at: number) => string): Journal {
  const fresh = events.filter(({ id }) => id > journal.lastId);
  if (fresh.length === 0) return journal;
  const actions = [...journal.actions];
  const log = [...journal.log];
  let items = [...journal.items];
  let { warnings, left, attempt } = journal;
  for (const event of fresh) {
    const { data } = event;
    if (event.kind === "item") {
      if (items.length < MOST_ITEMS) items.push(record(data.item));
      else left += 1;
      continue;
    }
    if (event.kind === "progress") continue;
    if (event.kind === "started" || event.kind === "queued") {
      // Another attempt begins anew: so do its results.
      if (items.length > 0) items = [];
      left = 0;
      if (event.kind === "started") attempt = number(data.attempt) ?? attempt + 1;
    }
    if (event.kind === "action") actions.push({ label: words(data.label), at: event.at, selector: words(data.selector) || null, box: null });
    if (event.kind === "warning") warnings += 1;
    log.push({ id: event.id, at: event.at, kind: event.kind, ...said(event, clock) });
  }
  return { actions: actions.slice(-MOST_ACTIONS), log: log.slice(-MOST_LINES), warnings, items, left, attempt, lastId: fresh.at(-1)?.id ?? journal.lastId };
}

function said({ kind, data }: JobEvent, clock: (at: number) => string): { tone: Tone; text: string; detail: string } {
  switch (kind) {
    case "queued":
      return { tone: "calm", text: "Queued", detail: "" };
    case "started":
      return { tone: "wait", text: `Attempt ${number(data.attempt) ?? ""} started`.replace("  ", " "), detail: "" };
    case "action":
      return { tone: "calm", text: words(data.label), detail: words(data.selector) };
    case "warning":
      return { tone: "warn", text: words(data.message), detail: "" };
    case "retrying": {
      const after = number(data.run_after);
      return { tone: "warn", text: `Failed, and will be tried again${after === null ? "" : ` at ${clock(after)}`}`, detail: [words(data.code), words(data.message)].filter(Boolean).join(": ") };
    }
    case "finished":
      return finished(data);
    case "progress":
    case "item":
      return { tone: "calm", text: "", detail: "" };
  }
}

function finished(data: Readonly<Record<string, unknown>>): { tone: Tone; text: string; detail: string } {
  const items = number(data.items) ?? 0;
  const results = `${items} ${items === 1 ? "result" : "results"}`;
  const error = record(data.error);
  switch (data.state) {
    case "succeeded":
      return { tone: "good", text: `Succeeded with ${results}`, detail: "" };
    case "cancelled":
      return { tone: "calm", text: `Cancelled after ${results}`, detail: "" };
    default:
      return { tone: "bad", text: "Failed", detail: [words(error.code), words(error.message)].filter(Boolean).join(": ") };
  }
}

const words = (value: unknown): string => (typeof value === "string" ? value : "");
const number = (value: unknown): number | null => (typeof value === "number" ? value : null);
const record = (value: unknown): Item => (typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Item) : {});
