// One tab that is shared: what has to be known of it to go on after the worker has died.
import type { Phase } from "../messages";

export interface Share {
  readonly tab: number;
  readonly window: number;
  readonly mode: "automatic" | "continuous";
  readonly title: string;
  readonly url: string;
  /** Seconds between two pictures. */
  readonly interval: number;
  readonly masks: readonly string[];
  /** The page says that it is to be seen. */
  readonly visible: boolean;
  readonly phase: Phase;
  /** Why it waits; null when it does not. */
  readonly reason: string | null;
  /** ms since the Unix epoch: when the last capture was asked for, and when a picture last went out. */
  readonly askedAt: number;
  readonly sentAt: number | null;
  /** Of the picture that viewers have. */
  readonly digest: string | null;
  /** In a row. */
  readonly failures: number;
  /** ms since the Unix epoch; nothing is tried before. */
  readonly retryAt: number;
  /** Something was painted over in the last picture. */
  readonly masked: boolean;
}

export type Begun = Pick<Share, "tab" | "window" | "mode" | "title" | "url" | "interval" | "masks">;

export const FIRST = "Waiting for the first picture";

export function begin(begun: Begun): Share {
  return {
    ...begun,
    visible: true,
    phase: "waiting",
    reason: FIRST,
    askedAt: 0,
    sentAt: null,
    digest: null,
    failures: 0,
    retryAt: 0,
    masked: false,
  };
}

/** A picture went out, or the one that viewers have was found to be true still (`digest` as before). */
export function sent(share: Share, digest: string, masked: boolean, now: number): Share {
  return { ...share, phase: "live", reason: null, digest, masked, sentAt: now, failures: 0, retryAt: 0 };
}

/** It could not be sent, or not even captured: nothing is tried for `pause` ms. */
export function failed(share: Share, reason: string, refused: boolean, pause: number, now: number): Share {
  return { ...share, phase: refused ? "off" : "waiting", reason, failures: share.failures + 1, retryAt: now + pause };
}

/** It waits, and nothing is wrong. */
export function waits(share: Share, reason: string): Share {
  return { ...share, phase: "waiting", reason };
}

/** Viewers have no picture of this connection yet: the next one goes out, even if it is the same. */
export function forgotten(share: Share): Share {
  return { ...share, digest: null };
}
