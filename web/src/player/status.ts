// What a viewer may believe about the picture in front of them, in one value.
import type { PushedModel, StreamModel } from "@/gen/messages";
import type { ConnectionState } from "@/net/connection";
import { duration } from "./duration";

/** The states of a stream, and those that only the viewer's side knows. */
export type PaneState =
  | StreamModel["state"]
  | "connecting" // the socket is not there yet
  | "lost" // the socket was lost and is being reconnected
  | "refused" // the server said no
  | "missing" // the server has no such stream
  | "paused" // off-screen or in a hidden tab: not watched
  | "late"; // the stream is live, the picture here is old

export type Tone = "good" | "calm" | "wait" | "warn" | "bad";

export interface Status {
  readonly state: PaneState;
  readonly tone: Tone;
  /** For a person, such as "Static for 42 s". */
  readonly text: string;
  /** Why, when the server says so. Text from outside. */
  readonly reason: string | null;
  /** The picture must not be taken for what is there now. */
  readonly isStale: boolean;
}

export interface Facts {
  readonly connection: ConnectionState;
  readonly stream: StreamModel | undefined;
  readonly listed: boolean;
  readonly watching: boolean;
  /** A picture has been painted since the pane was opened on this socket. */
  readonly fresh: boolean;
  readonly refusal: string | null;
  /** The stream was listed and has gone from the list. */
  readonly ended: boolean;
  /** When the picture that is shown was captured; null when there is none. Server clock, like `now`. */
  readonly capturedAt: number | null;
  readonly now: number;
  readonly fps: number;
}

// The server calls a picture static after two seconds without a change, and looks once a second.
const LATE_MS = 4_000;

export function statusOf(facts: Facts): Status {
  const { connection, stream, capturedAt, now } = facts;
  const old = capturedAt === null ? "" : ` · picture is ${duration(now - capturedAt)} old`;
  const reason = stream?.reason ?? null;
  switch (connection.phase) {
    case "connecting":
      return { state: "connecting", tone: "wait", text: "Connecting…", reason: connection.reason, isStale: true };
    case "reconnecting":
      return { state: "lost", tone: "bad", text: `Connection lost${old}`, reason: connection.reason, isStale: true };
    case "refused":
      return { state: "refused", tone: "bad", text: `Refused${old}`, reason: connection.reason, isStale: true };
    case "open":
      break;
  }
  if (stream === undefined) {
    if (facts.ended) return { state: "gone", tone: "bad", text: `Ended${old}`, reason: null, isStale: true };
    if (facts.refusal !== null || facts.listed) {
      return { state: "missing", tone: "warn", text: `Not there yet${old}`, reason: facts.refusal, isStale: true };
    }
    return { state: "connecting", tone: "wait", text: "Connecting…", reason: null, isStale: true };
  }
  if (stream.state === "gone") return { state: "gone", tone: "bad", text: `Ended${old}`, reason, isStale: true };
  if (stream.state === "reconnecting") {
    if (stream.pushed !== null) return pushedStatus(stream, stream.pushed, now);
    return { state: "reconnecting", tone: "bad", text: `Source lost${old}`, reason, isStale: true };
  }
  if (facts.refusal !== null) {
    return { state: "refused", tone: "bad", text: `Refused${old}`, reason: facts.refusal, isStale: true };
  }
  if (stream.pushed !== null && facts.watching && facts.fresh && capturedAt !== null) return pushedStatus(stream, stream.pushed, now);
  if (stream.state === "hidden") return { state: "hidden", tone: "warn", text: `Hidden${old}`, reason, isStale: true };
  if (!facts.watching) return { state: "paused", tone: "calm", text: `Paused${old}`, reason: null, isStale: true };
  if (!facts.fresh || capturedAt === null) {
    return { state: "starting", tone: "wait", text: `Starting…${old}`, reason, isStale: true };
  }
  if (stream.state === "static") {
    return { state: "static", tone: "calm", text: `Static for ${duration(now - stream.state_since)}`, reason, isStale: false };
  }
  if (stream.state === "idle") return { state: "idle", tone: "calm", text: `Idle${old}`, reason, isStale: true };
  // Slower streams may be that slow; three periods without a picture are not.
  if (now - capturedAt > Math.max(LATE_MS, 3_000 / facts.fps)) {
    return { state: "late", tone: "warn", text: `Late${old}`, reason, isStale: true };
  }
  return { state: "live", tone: "good", text: "Live", reason, isStale: false };
}

/** Of a stream that single requests feed. A picture that came again unchanged is as good as a new one: the last one counts, not its age. */
function pushedStatus(stream: StreamModel, pushed: PushedModel, now: number): Status {
  const { reason } = stream;
  const since = now - pushed.last_at;
  const ago = since < 1_000 ? "updated just now" : `updated ${duration(since)} ago`;
  switch (stream.state === "reconnecting" ? "quiet" : pushed.status) {
    case "fresh":
      return { state: stream.state === "live" ? "live" : "static", tone: "good", text: ago.charAt(0).toUpperCase() + ago.slice(1), reason, isStale: false };
    case "late":
      return { state: "late", tone: "warn", text: `Late · ${ago}`, reason, isStale: true };
    case "quiet":
      return { state: "reconnecting", tone: "bad", text: `Waiting · ${ago}`, reason, isStale: true };
  }
}
