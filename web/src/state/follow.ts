// Follows a stream of server-sent events for as long as somebody wants it: comes back after a loss where it left off.
import { Backoff } from "@/net/backoff";
import { eventsOf, type ServerEvent } from "@/net/sse";
import { ApiError, refusal } from "./api";

export type FollowState = "connecting" | "open" | "lost";

export interface Following {
  /** Events in their order; never called twice at a time. */
  readonly events: (events: readonly ServerEvent[]) => void;
  /** A line was opened: the first time, and after each loss. */
  readonly opened?: () => void;
  /** The line is gone, or could not be had: the sentence says why. */
  readonly lost?: (sentence: string) => void;
  /** The server refuses it for good (404, 403 …): nothing is tried any more. */
  readonly refused?: (error: Error) => void;
  /** Whether it has all been told: the end of the answer is then no loss. */
  readonly isOver?: () => boolean;
}

export interface FollowOptions {
  readonly signal: AbortSignal;
  /** The id after which to begin; "": with the first event. */
  readonly after?: string;
  readonly fetch?: typeof fetch;
  readonly backoff?: Backoff;
}

/** Servers say something every 15 s, if only `: ping`; who is silent for so long is gone. */
const SILENCE_MS = 45_000;

/** Returns when `signal` is aborted, when all has been told, or when the server refuses. */
export async function follow(url: string, following: Following, { signal, after = "", fetch: ask = fetch, backoff = new Backoff() }: FollowOptions): Promise<void> {
  let last = after;
  const isWanted = (): boolean => !signal.aborted;
  while (isWanted()) {
    const line = new AbortController();
    const leave = (): void => line.abort();
    signal.addEventListener("abort", leave);
    let silence = setTimeout(leave, SILENCE_MS);
    const heard = (): void => {
      clearTimeout(silence);
      silence = setTimeout(leave, SILENCE_MS);
    };
    try {
      const headers = new Headers({ accept: "text/event-stream" });
      if (last !== "") headers.set("last-event-id", last);
      const response = await ask(url, { headers, signal: line.signal, cache: "no-store" });
      if (response.status === 204) return; // there is nothing more to come
      if (!response.ok || response.body === null) {
        const error = refusal(response, await response.json().catch(() => null));
        // Too many at once, a restart, a proxy that waits: these pass.
        if (response.status < 500 && response.status !== 429) {
          following.refused?.(error);
          return;
        }
        throw error;
      }
      following.opened?.();
      for await (const events of eventsOf(response.body, heard)) {
        // A line that opens and closes at once has not succeeded; one that tells something has.
        backoff.reset();
        last = events.at(-1)?.id || last;
        following.events(events);
      }
      if (!isWanted() || (following.isOver?.() ?? false)) return;
      following.lost?.("The server ended the line.");
    } catch (caught) {
      if (isWanted()) following.lost?.(caught instanceof ApiError ? caught.message : "The server cannot be reached.");
    } finally {
      clearTimeout(silence);
      signal.removeEventListener("abort", leave);
    }
    await pause(backoff.next(), signal);
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done);
    if (signal.aborted) done();
  });
}
