// Takes one picture of one tab, or says why it cannot: the right tab, with everything covered, and of one moment.
import { saidBy, uncover, cover } from "./covers";
import { everywhere } from "../sites/permissions";
import type { CaptureQueue } from "./queue";
import { bytesOf, type Shot, sizeOf } from "./picture";

export interface Wish {
  readonly tab: number;
  readonly quality: number;
  readonly masks: readonly string[];
  /** It is shared, so it must say so. */
  readonly indicated: boolean;
}

type Attempt =
  | { readonly kind: "shot"; readonly shot: Shot }
  /** Chrome's two a second were used up; the queue tries again. */
  | { readonly kind: "tooOften" }
  /** The tab is not the one that its window shows. */
  | { readonly kind: "hidden" }
  /** Something moved meanwhile: the picture might be of another page. Worth another attempt. */
  | { readonly kind: "moved" }
  | { readonly kind: "failed"; readonly reason: string; readonly denied: boolean };

export type Taken = Exclude<Attempt, { kind: "tooOften" }>;

/** Longer than any capture takes; then the covers leave by themselves, and the picture is not used. */
const LEASE_MS = 5_000;
const TAKEN_WITHIN_MS = 4_000;

/** Counts what would make a picture one of another page: tabs that are switched, and navigations. */
export class Movements {
  private readonly counts = new Map<string, number>();

  activated(window: number): void {
    this.count(`window ${window}`);
  }

  navigated(tab: number): void {
    this.count(`tab ${tab}`);
  }

  forget(tab: number): void {
    this.counts.delete(`tab ${tab}`);
  }

  of(tab: number, window: number): string {
    return `${this.counts.get(`window ${window}`) ?? 0}/${this.counts.get(`tab ${tab}`) ?? 0}`;
  }

  private count(key: string): void {
    this.counts.set(key, (this.counts.get(key) ?? 0) + 1);
  }
}

/** Take a picture when it is this tab's turn; null when a newer request took the place, or the tab was dropped. */
export async function takeInTurn(queue: CaptureQueue, wish: () => Wish | null, movements: Movements): Promise<Taken | null> {
  const asked = wish();
  if (asked === null) return null;
  const result: Taken[] = [];
  await queue.ask(asked.tab, async (mark) => {
    const now = wish(); // what is wanted may have changed while it waited
    if (now === null) return "done";
    const taken = await take(now, movements, await everywhere(), mark);
    if (taken.kind === "tooOften") return "tooOften";
    result.push(taken);
    return "done";
  });
  return result[0] ?? null;
}

let tokens = Date.now() % 1e9;

async function take(wish: Wish, movements: Movements, allowed: boolean, mark: () => void): Promise<Attempt> {
  const before = await look(wish.tab);
  if (before === null) return { kind: "failed", reason: "The tab was closed", denied: false };
  if (!before.active) return { kind: "hidden" };
  const moves = movements.of(wish.tab, before.windowId);
  const token = (tokens += 1);
  const covered = await cover(
    wish.tab,
    { token, selectors: wish.masks, lease: LEASE_MS, indicated: wish.indicated },
    allowed,
  );
  if (!covered.ok) {
    await uncover(wish.tab, token);
    return (await look(wish.tab))?.active === false ? { kind: "hidden" } : { kind: "failed", reason: covered.reason, denied: /does not let/.test(covered.reason) };
  }
  let url: string;
  mark();
  const at = Date.now();
  try {
    url = await captured(before.windowId, wish.quality);
  } catch (error) {
    await uncover(wish.tab, token);
    return refusal(error, await look(wish.tab));
  }
  const held = await uncover(wish.tab, token);
  const after = await look(wish.tab);
  const same = after?.active === true && after.windowId === before.windowId && movements.of(wish.tab, before.windowId) === moves;
  if (!same || !held) return { kind: "moved" };
  const bytes = bytesOf(url);
  const size = sizeOf(bytes);
  if (size === null) return { kind: "failed", reason: "Chrome gave a picture without a size", denied: false };
  return { kind: "shot", shot: { mime: "image/jpeg", bytes, ...size, at, masked: covered.count > 0 } };
}

async function captured(window: number, quality: number): Promise<string> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("Chrome did not capture the tab in time")), TAKEN_WITHIN_MS);
  });
  try {
    return await Promise.race([chrome.tabs.captureVisibleTab(window, { format: "jpeg", quality }), late]);
  } finally {
    clearTimeout(timer);
  }
}

function refusal(error: unknown, tab: chrome.tabs.Tab | null): Attempt {
  const said = error instanceof Error ? error.message : String(error);
  if (said.includes("MAX_CAPTURE_VISIBLE_TAB_CALLS_PER_SECOND")) return { kind: "tooOften" };
  if (tab === null) return { kind: "failed", reason: "The tab was closed", denied: false };
  if (!tab.active) return { kind: "hidden" };
  const denied = /permission|Cannot access/i.test(said);
  return { kind: "failed", reason: denied ? saidBy(new Error("Cannot access contents")) : saidBy(error), denied };
}

async function look(tab: number): Promise<chrome.tabs.Tab | null> {
  return await chrome.tabs.get(tab).catch(() => null);
}
