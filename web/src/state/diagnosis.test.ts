// One cause for each way in which a picture can be slow.
import { expect, it } from "vitest";
import type { PaneStats } from "@/gen/messages";
import type { PaneCounts } from "@/player/player";
import { chainOf, diagnose, type Facts } from "./diagnosis";

const SERVER: PaneStats = { pane: 1, sent: 100, dropped: 0, bytes: 4e6, source_fps: 30, encode_ms: 4, held_ms: 14, acked_ms: 9 };
const COUNTS: PaneCounts = {
  fps: 29, bytesPerSecond: 1_200_000, painted: 100, wanted: 30, dropped: 0, latency: 25, browser: 5, size: 40_000, server: SERVER,
};

function facts(counts: Partial<PaneCounts> = {}, server: Partial<PaneStats> = {}, rest: Partial<Facts> = {}): Facts {
  const all = { ...COUNTS, ...counts, server: { ...SERVER, ...server } };
  return { state: "live", isHidden: false, counts: all, slowedTo: null, isPushed: false, roundTrip: 2, blocked: 0, ...rest };
}

it("says when nothing is slow", () => {
  const { cause, sentence } = diagnose(facts());
  expect(cause).toBeNull();
  expect(sentence).toBe("Nothing is slow: 29 pictures a second, 25 ms old when they are shown.");
});

it("blames nobody's line for pictures that nobody can ask for", () => {
  expect(diagnose(facts({ fps: 0.1, latency: 60_000 }, {}, { isPushed: true }))).toMatchObject({ cause: null, isSlow: false });
  expect(diagnose(facts({}, {}, { isPushed: true, state: "late" })).sentence).toBe("Nothing new comes: nobody can ask for these pictures, and their sender is behind its time.");
  expect(diagnose(facts({}, {}, { isPushed: true, state: "reconnecting" })).cause).toBe("source");
  expect(diagnose(facts({}, {}, { isPushed: true, state: "lost" })).cause).toBe("link");
});

it("splits the way of a picture into its four parts", () => {
  expect(chainOf(facts())).toEqual([
    { stage: "source", ms: 10 },
    { stage: "encoder", ms: 4 },
    { stage: "link", ms: 6 },
    { stage: "browser", ms: 5 },
  ]);
});

it("a part that nobody measured is not known, and clocks that disagree make no negative time", () => {
  const unknown = { ...COUNTS, server: null, latency: null, browser: null };
  expect(chainOf({ ...facts(), counts: unknown }).map(({ ms }) => ms)).toEqual([null, null, null, null]);
  expect(chainOf(facts({ latency: 10 }))[2]?.ms).toBe(0);
});

it("a slowed source: the budget and both rates are named", () => {
  const { cause, sentence, isSlow } = diagnose(facts({ fps: 2 }, { source_fps: 2 }, { slowedTo: 2 }));
  expect(isSlow).toBe(true);
  expect(cause).toBe("source");
  expect(sentence).toContain("budget leaves it 2 of the 30 pictures a second");
});

it("a source that gives little: everything that it gives gets here", () => {
  const { cause, sentence, isSlow } = diagnose(facts({ fps: 4.4 }, { source_fps: 4.5 }));
  expect(cause).toBe("source");
  expect(sentence).toContain("gives 4.5 of the 30 pictures a second");
  expect(isSlow).toBe(false);
});

it("a source whose pictures are old when the server gets them", () => {
  const { cause, sentence } = diagnose(facts({ latency: 900, fps: 29 }, { held_ms: 880 }));
  expect(cause).toBe("source");
  expect(sentence).toContain("876 ms old before the server can send them");
});

it.each([
  ["starting", "source"],
  ["reconnecting", "source"],
  ["hidden", "source"],
  ["gone", "source"],
  ["lost", "link"],
  ["refused", "link"],
] as const)("a stream that is %s is slow because of the %s", (state, stage) => {
  expect(diagnose(facts({}, {}, { state })).cause).toBe(stage);
});

it.each(["static", "idle", "paused"] as const)("a %s picture is not slow", (state) => {
  expect(diagnose(facts({ fps: 0, latency: null }, { source_fps: 0 }, { state })).cause).toBeNull();
});

it("an encoder that cannot keep up", () => {
  const { cause, sentence } = diagnose(facts({ fps: 8, latency: 160 }, { encode_ms: 120, held_ms: 140, acked_ms: 12 }));
  expect(cause).toBe("encoder");
  expect(sentence).toContain("encoding takes 120 ms a picture, too long for 30 a second");
});

it("a thin link: few pictures, because each is long on the line", () => {
  const { cause, sentence } = diagnose(facts({ fps: 2.5, latency: 420, bytesPerSecond: 98_000 }, { acked_ms: 390, held_ms: 15 }));
  expect(cause).toBe("link");
  expect(sentence).toBe("The link is the brake: it carries 98 kB/s, and a picture takes 400 ms. A lower quality or a smaller size helps.");
});

it("a far server: many pictures, all of them late", () => {
  const { cause, sentence } = diagnose(facts({ fps: 6, latency: 460 }, { acked_ms: 310, source_fps: 6 }, { roundTrip: 290 }));
  expect(cause).toBe("link");
  expect(sentence).toContain("the server is 290 ms away");
});

it("a link that has stopped, with the last picture still on it", () => {
  expect(diagnose(facts({ fps: 0, latency: null, browser: null }, { acked_ms: null }, { state: "late" })).cause).toBe("link");
});

it("a browser that takes long to show a picture", () => {
  const { cause, sentence } = diagnose(facts({ fps: 9, latency: 140, browser: 105 }, { acked_ms: 112 }));
  expect(cause).toBe("browser");
  expect(sentence).toContain("showing a picture takes 105 ms");
});

it("a page that is busy with something else", () => {
  const { cause, sentence } = diagnose(facts({ fps: 9, latency: 190, browser: 15 }, { acked_ms: 30 }, { blocked: 720 }));
  expect(cause).toBe("browser");
  expect(sentence).toContain("busy 72 % of the time");
});

it("a tab in the background", () => {
  expect(diagnose(facts({}, {}, { isHidden: true })).sentence).toContain("background");
});

it("a jerky picture with every part at ease is not blamed on a part", () => {
  expect(diagnose(facts({ fps: 20 })).cause).toBeNull();
});
