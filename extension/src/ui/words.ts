// What the popup says, from what the worker knows.
import type { Phase, Status } from "../messages";

export interface Said {
  readonly tone: "good" | "warn" | "bad" | "none";
  readonly state: string;
  readonly reason: string | null;
}

const TONES: Readonly<Record<Phase, Said["tone"]>> = { live: "good", waiting: "warn", off: "bad" };

/** `now`: ms since the Unix epoch. */
export function saidOf(status: Status, now: number): Said {
  if (status.mode === null) {
    const site = status.automatic && status.site !== null && status.restriction === null;
    return { tone: site ? "warn" : "none", state: site ? "This site is on the list" : "Not shared", reason: status.reason };
  }
  const how = status.mode === "continuous" ? "Streamed" : "Shared";
  const ago = status.sentAt === null ? "" : ` · last picture ${agoOf(now - status.sentAt)}`;
  const state = { live: how, waiting: `${how}, waiting`, off: `${how}, not working` }[status.phase];
  return { tone: TONES[status.phase], state: state + ago, reason: status.reason };
}

/** `ms`: how long ago; a clock that was set back makes it now. */
export function agoOf(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 2) return "now";
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  return `${Math.floor(seconds / 3600)} h ago`;
}

/** Three seconds are "3 seconds", half of one "half a second". */
export function everyOf(seconds: number): string {
  if (seconds === 0.5) return "half a second";
  return seconds === 1 ? "second" : `${seconds} seconds`;
}
