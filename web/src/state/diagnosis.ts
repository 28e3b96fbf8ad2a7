// Why a picture is slow when it is: one cause in plain words, and what each part of the way takes.
import type { StreamModel } from "@/gen/messages";
import type { PaneCounts } from "@/player/player";
import type { PaneState } from "@/player/status";

export type Stage = "source" | "encoder" | "link" | "browser";

export interface Facts {
  readonly state: PaneState;
  readonly isHidden: boolean;
  readonly counts: PaneCounts | null;
  readonly slowedTo: StreamModel["slowed_to"];
  /** Single requests feed the stream. */
  readonly isPushed: boolean;
  /** ms, the shortest of late. */
  readonly roundTrip: number | null;
  /** ms of each second in which this page was busy for 50 ms or longer at a stretch; null where the browser does not tell. */
  readonly blocked: number | null;
}

export interface Part {
  readonly stage: Stage;
  /** ms for one picture; null: not known, or nothing to do. */
  readonly ms: number | null;
}

export interface Diagnosis {
  /** null: nothing is slow. */
  readonly cause: Stage | null;
  readonly sentence: string;
  /** Something is wrong or could be better; otherwise it is as it should be, or how the source is. */
  readonly isSlow: boolean;
  readonly chain: readonly Part[];
}

/** A part that is busy for more of the time than this makes the next picture wait; queues grow steeply from here on. */
const BUSY = 0.8;
/** Less than this share of the rate that was asked for is seen as jerky. */
const ENOUGH = 0.75;
/** A picture older than this when it is painted feels late under the hand: twice what people take for "at once" (0.1 to 0.2 s). */
const LATE_MS = 400;
/** From here on the server lets two pictures be under way (`FAR_FROM` in transports/window.py). */
const FAR_MS = 30;
/** A round trip that alone makes a picture late. */
const LONG_WAY_MS = 250;
/** Half of each second: what remains does not do for 30 pictures. */
const BLOCKED_MS = 500;
/** A rate below one in ten seconds is not told to the tenth. */
const rate = (fps: number): string => (fps < 10 ? fps.toFixed(1).replace(/\.0$/, "") : String(Math.round(fps)));
const millis = (ms: number): string => (ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`);
const data = (bytes: number): string => (bytes < 1e6 ? `${Math.round(bytes / 1000)} kB/s` : `${(bytes / 1e6).toFixed(1)} MB/s`);

/** What each part takes for one picture. */
export function chainOf({ counts }: Facts): readonly Part[] {
  const server = counts?.server ?? null;
  const held = server?.held_ms ?? null;
  const encode = server?.encode_ms ?? null;
  const browser = counts?.browser ?? null;
  // Both ends measured: what is left of the whole way. Otherwise, what the acknowledgement took without our own part.
  const latency = counts?.latency ?? null;
  const acked = server?.acked_ms ?? null;
  const way = latency !== null && held !== null ? latency - held : acked;
  const link = way === null ? null : way - (browser ?? 0);
  return [
    { stage: "source", ms: held === null ? null : Math.max(0, held - (encode ?? 0)) },
    { stage: "encoder", ms: encode },
    { stage: "link", ms: link === null ? null : Math.max(0, link) },
    { stage: "browser", ms: browser },
  ];
}

export function diagnose(facts: Facts): Diagnosis {
  const [cause, sentence, isOrdinary = false] = causeOf(facts);
  return { cause, sentence, isSlow: cause !== null && !isOrdinary, chain: chainOf(facts) };
}

type Finding = readonly [cause: Stage | null, sentence: string, isOrdinary?: boolean];

function causeOf(facts: Facts): Finding {
  const { state, counts } = facts;
  if (facts.isPushed) {
    switch (state) {
      case "late":
      case "reconnecting":
        return ["source", "Nothing new comes: nobody can ask for these pictures, and their sender is behind its time."];
      case "live":
      case "static":
        return [null, "Nothing is slow: a picture comes whenever its sender sends one."];
    }
  }
  switch (state) {
    case "connecting":
    case "lost":
    case "refused":
      return ["link", "Nothing comes: this page has no connection to the server."];
    case "missing":
    case "gone":
      return ["source", "Nothing comes: there is no such stream now."];
    case "reconnecting":
      return ["source", "Nothing comes: the source was lost, and the server tries to get it back."];
    case "hidden":
      return ["source", "The source is hidden or minimised, so there is nothing new to capture."];
    case "starting":
      return ["source", "The source is starting; the first picture is on its way."];
    case "paused":
      return [null, "Nobody can see this picture now, so nothing is sent."];
    case "static":
    case "idle":
      return [null, "Nothing is slow: the picture has not changed, and an unchanged picture is not sent again."];
    case "live":
    case "late":
      break;
  }
  if (counts === null || counts.painted === 0) return [null, "The first pictures are being measured."];
  if (facts.isHidden) return ["browser", "This tab is in the background, where the browser holds pictures back."];
  return working(facts, counts);
}

/** Pictures come: are they as many and as young as they should be, and if not, which part is busy all the time? */
function working(facts: Facts, counts: PaneCounts): Finding {
  const { slowedTo, roundTrip, blocked } = facts;
  const { server, fps, wanted, latency, bytesPerSecond } = counts;
  const source = server?.source_fps ?? null;
  // What can come at all is what the source gives; a viewer who is slower sees less of it.
  const offered = source === null ? wanted : Math.min(wanted, source);
  const isJerky = fps < offered * ENOUGH;
  const isLate = facts.state === "late" || (latency !== null && latency > LATE_MS);
  if (isJerky || isLate) {
    const found = busiest(facts, counts, offered);
    if (found === "encoder") {
      return ["encoder", `The server is the brake: encoding takes ${millis(server?.encode_ms ?? 0)} a picture, too long for ${rate(offered)} a second. A smaller size or JPEG helps.`];
    }
    if (found === "browser") {
      const busy = blocked !== null && blocked > BLOCKED_MS ? `this page is busy ${Math.round(blocked / 10)} % of the time` : `showing a picture takes ${millis(counts.browser ?? 0)}`;
      return ["browser", `This browser is the brake: ${busy}. A smaller size or fewer panes help.`];
    }
    if (found === "link") {
      const far = roundTrip !== null && roundTrip > LONG_WAY_MS ? `the server is ${millis(roundTrip)} away` : `it carries ${data(bytesPerSecond)}, and a picture takes ${millis(chainOf(facts)[2]?.ms ?? 0)}`;
      return ["link", `The link is the brake: ${far}. A lower quality or a smaller size helps.`];
    }
  }
  if (slowedTo !== null && slowedTo < wanted * ENOUGH) {
    return ["source", `The source is slowed: the server's capture budget leaves it ${rate(slowedTo)} of the ${rate(wanted)} pictures a second that were asked for.`];
  }
  if (isLate && source !== null) {
    return ["source", `The source is the brake: its pictures are ${millis(chainOf(facts)[0]?.ms ?? latency ?? 0)} old before the server can send them.`];
  }
  if (source !== null && source < wanted * ENOUGH) {
    return ["source", `The source gives ${rate(source)} of the ${rate(wanted)} pictures a second that were asked for: it changes no more often, or is captured more slowly.`, true];
  }
  return [null, `Nothing is slow: ${rate(fps)} pictures a second${latency === null ? "" : `, ${millis(Math.max(0, latency))} old when they are shown`}.`];
}

/** The part that is busy for the largest share of the time at the rate that is offered; null when every one has time to spare. */
function busiest({ roundTrip, blocked, state }: Facts, counts: PaneCounts, offered: number): Stage | null {
  const { server, browser, latency } = counts;
  const underWay = roundTrip !== null && roundTrip > FAR_MS ? 2 : 1;
  const acked = server?.acked_ms ?? null;
  const onTheLine = acked === null ? null : Math.max(0, acked - (browser ?? 0));
  const busy: [Stage, number][] = [
    ["encoder", ((server?.encode_ms ?? 0) * offered) / 1000],
    ["link", ((onTheLine ?? 0) * offered) / 1000 / underWay],
    ["browser", Math.max(((browser ?? 0) * offered) / 1000, (blocked ?? 0) / BLOCKED_MS)],
  ];
  const [stage, share] = busy.reduce((most, one) => (one[1] > most[1] ? one : most));
  if (share > BUSY) return stage;
  // Not busy, only far away: or it holds a picture now that it has not finished.
  if ((onTheLine ?? 0) > LONG_WAY_MS || (roundTrip ?? 0) > LONG_WAY_MS) return "link";
  const heldLong = (server?.held_ms ?? 0) > LATE_MS / 2;
  return state === "late" || (latency !== null && latency > LATE_MS && !heldLong) ? "link" : null;
}
