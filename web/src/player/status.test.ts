// What a viewer may believe, from every combination that matters.
import { describe, expect, it } from "vitest";
import type { StreamModel } from "@/gen/messages";
import { type Facts, statusOf } from "./status";

const NOW = 1_000_000;
const stream: StreamModel = {
  id: "page:a",
  kind: "page",
  title: "A page",
  url: null,
  state: "live",
  state_since: NOW - 42_500,
  reason: null,
  masked: false,
  width: 1280,
  height: 720,
  picture_at: NOW - 100,
  viewers: 1,
  action: null,
  can_close: false, slowed_to: null, pushed: null, node: null,
};
const facts: Facts = {
  connection: { phase: "open", since: 0, retryAt: null, reason: null, refusal: null },
  stream,
  listed: true,
  watching: true,
  fresh: true,
  refusal: null,
  ended: false,
  capturedAt: NOW - 100,
  now: NOW,
  fps: 10,
};
const say = (change: Partial<Facts>): [string, string, boolean] => {
  const { state, text, isStale } = statusOf({ ...facts, ...change });
  return [state, text, isStale];
};
const of = (state: StreamModel["state"]): Partial<Facts> => ({ stream: { ...stream, state }, capturedAt: NOW - 12_000 });

describe("a picture that is true now", () => {
  it("is live while it changes and static while it does not", () => {
    expect(say({})).toEqual(["live", "Live", false]);
    expect(say(of("static"))).toEqual(["static", "Static for 42 s", false]);
  });
});

describe("a frozen picture never looks live", () => {
  it.each([
    ["reconnecting", "Source lost · picture is 12 s old"],
    ["gone", "Ended · picture is 12 s old"],
    ["hidden", "Hidden · picture is 12 s old"],
    ["idle", "Idle · picture is 12 s old"],
  ] as const)("when the stream is %s", (state, text) => {
    expect(say(of(state))).toEqual([state, text, true]);
  });

  it("when the socket is lost, whatever the stream was", () => {
    const connection = { phase: "reconnecting", since: 0, retryAt: 1, reason: "the server restarts", refusal: null } as const;
    expect(say({ connection, capturedAt: NOW - 90_000 })).toEqual(["lost", "Connection lost · picture is 1 min old", true]);
    expect(say({ connection: { ...connection, phase: "refused" } })[0]).toBe("refused");
  });

  it("when the stream is live and nothing arrives", () => {
    expect(say({ capturedAt: NOW - 4_500 })).toEqual(["late", "Late · picture is 4 s old", true]);
    expect(say({ capturedAt: NOW - 4_500, fps: 0.5 })[0]).toBe("live");
  });

  it("when no picture has come since the pane was opened", () => {
    expect(say({ fresh: false, capturedAt: NOW - 60_000 })).toEqual(["starting", "Starting… · picture is 1 min old", true]);
    expect(say({ watching: false })[0]).toBe("paused");
  });

  it("when the stream is not there, not there yet, or has left", () => {
    const nobody = { stream: undefined, capturedAt: null } as const;
    expect(say(nobody)).toEqual(["missing", "Not there yet", true]);
    expect(say({ ...nobody, listed: false })).toEqual(["connecting", "Connecting…", true]);
    expect(say({ ...nobody, ended: true })).toEqual(["gone", "Ended", true]);
  });
});

it("gives the server's reason along", () => {
  const status = statusOf({ ...facts, stream: { ...stream, state: "hidden", reason: "the window is minimised" } });
  expect(status.reason).toBe("the window is minimised");
});

describe("a stream that single requests feed", () => {
  const pushed = (status: "fresh" | "late" | "quiet", state: StreamModel["state"] = "static"): Partial<Facts> => ({
    stream: { ...stream, state, reason: status === "fresh" ? null : "The next picture is late: they came every 60 s", pushed: { last_at: NOW - 30_000, every_ms: 60_000, status } },
    capturedAt: NOW - 600_000,
  });

  it("is green while pictures come, also the same one again, however old it is", () => {
    expect(say(pushed("fresh"))).toEqual(["static", "Updated 30 s ago", false]);
    expect(statusOf({ ...facts, ...pushed("fresh", "live") }).tone).toBe("good");
  });

  it("is orange when the next one is late, red when none come, and says why and since when", () => {
    expect(statusOf({ ...facts, ...pushed("fresh"), now: NOW - 29_500 }).text).toBe("Updated just now");
    expect(say(pushed("late"))).toEqual(["late", "Late · updated 30 s ago", true]);
    expect(statusOf({ ...facts, ...pushed("late") })).toMatchObject({ tone: "warn", reason: "The next picture is late: they came every 60 s" });
    expect(say(pushed("quiet", "reconnecting"))).toEqual(["reconnecting", "Waiting · updated 30 s ago", true]);
    expect(statusOf({ ...facts, ...pushed("quiet", "reconnecting") }).tone).toBe("bad");
  });

  it("is paused like any other while nobody looks, and refused when the server says no", () => {
    expect(say({ ...pushed("fresh"), watching: false })[0]).toBe("paused");
    expect(say({ ...pushed("fresh"), refusal: "no" })[0]).toBe("refused");
  });
});
