// How long to wait before the next attempt. Counted outside, so that a worker that dies in between goes on where it was.
import { FIRST_MS, LONGEST_MS } from "@web/net/backoff";
import { REFUSED_RETRY_MS } from "@web/net/refusal";
import type { Failure } from "./failure";

/** No pause is longer. */
export const LONGEST_PAUSE_MS = 60_000;

/** ms to wait after so many failures in a row, the one at hand included. Full jitter, so that not all tabs return in step. */
export function pauseAfter(failures: number, failure: Failure, random: () => number = Math.random): number {
  if (failure.after !== null) return Math.min(LONGEST_PAUSE_MS, Math.max(LEAST_MS, failure.after));
  if (failure.why === "refused") return REFUSED_RETRY_MS;
  const ceiling = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(Math.max(failures - 1, 0), 16));
  return Math.max(LEAST_MS, random() * ceiling);
}

const LEAST_MS = 50;
