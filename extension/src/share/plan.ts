// When a shared tab is captured next. Decided from what is known, without asking anybody.
import type { Demand } from "../messages";
import { LONGEST_PAUSE_MS } from "../send/backoff";
import type { Share } from "./share";

export type Plan =
  | { readonly do: "capture"; readonly period: number }
  /** `reason`: why viewers see an older picture; null when the next one is simply not due yet. */
  | { readonly do: "wait"; readonly ms: number; readonly reason: string | null };

export const HIDDEN = "The tab is in the background";
export const UNWATCHED = "Nobody is watching";

/** A page that has nothing to do asks again after this long: its worker may have died, and its settings may have changed. */
export const IDLE_MS = 5_000;
/** A timer that fires early by less than this was meant for now. */
const EARLY_MS = 25;

/** ms for which nothing is tried after a failure. None when it were longer than any pause is: the clock was set back since. */
export function pauseLeft(share: Share, now: number): number {
  const left = share.retryAt - now;
  return left > LONGEST_PAUSE_MS ? 0 : Math.max(0, left);
}

/** What viewers want is `undefined` as long as the server has not said it: then the page is asked to come again soon. */
export function plan(share: Share, demand: Demand | undefined, now: number): Plan {
  if (!share.visible) return { do: "wait", ms: IDLE_MS, reason: HIDDEN };
  const pause = pauseLeft(share, now);
  if (pause > 0) return { do: "wait", ms: pause, reason: share.reason };
  if (demand === undefined) return { do: "wait", ms: 250, reason: share.reason };
  if (demand === null) return { do: "wait", ms: Math.max(IDLE_MS, share.interval * 1000), reason: UNWATCHED };
  const period = Math.max(share.interval * 1000, 1000 / Math.max(demand.fps, 0.01));
  // A clock that was set back must not stop the pictures until it has caught up.
  const since = now < share.askedAt ? period : now - share.askedAt;
  if (since + EARLY_MS < period) return { do: "wait", ms: period - since, reason: null };
  return { do: "capture", period };
}
