import { describe, expect, test } from "vitest";
import type { Demand } from "../messages";
import { HIDDEN, IDLE_MS, plan, UNWATCHED } from "./plan";
import { begin, failed, type Share, waits } from "./share";

const DEMAND: Demand = { fps: 10, quality: null, width: null, height: null, highlight: false };
const NOW = 1_800_000_000_000;
const share = (some: Partial<Share> = {}): Share => ({
  ...begin({ tab: 1, window: 1, mode: "automatic", title: "A page", url: "https://a.example/", interval: 3, masks: [] }),
  ...some,
});

describe("when a tab is captured next", () => {
  test("at once, when it never was", () => {
    expect(plan(share(), DEMAND, NOW)).toEqual({ do: "capture", period: 3000 });
  });

  test("when its interval is over, not before", () => {
    expect(plan(share({ askedAt: NOW - 1000 }), DEMAND, NOW)).toEqual({ do: "wait", ms: 2000, reason: null });
    expect(plan(share({ askedAt: NOW - 3000 }), DEMAND, NOW).do).toBe("capture");
    expect(plan(share({ askedAt: NOW - 2990 }), DEMAND, NOW).do).toBe("capture"); // a timer that was 10 ms early
  });

  test("no more often than viewers want pictures", () => {
    expect(plan(share({ interval: 0.5, askedAt: NOW - 1000 }), { ...DEMAND, fps: 0.5 }, NOW)).toEqual({ do: "wait", ms: 1000, reason: null });
  });

  test("not while it is in the background", () => {
    expect(plan(share({ visible: false }), DEMAND, NOW)).toMatchObject({ do: "wait", reason: HIDDEN });
  });

  test("not while nobody watches, but the page keeps in touch", () => {
    expect(plan(share(), null, NOW)).toEqual({ do: "wait", ms: IDLE_MS, reason: UNWATCHED });
    expect(plan(share({ interval: 60 }), null, NOW)).toMatchObject({ ms: 60_000 });
  });

  test("soon, when the server has not said yet whether anybody watches", () => {
    expect(plan(share(), undefined, NOW)).toMatchObject({ do: "wait", ms: 250 });
  });

  test("not before the pause after a failure is over, and then it is", () => {
    const away = failed(share(), "The server cannot be reached", false, 4000, NOW);
    expect(plan(away, DEMAND, NOW + 1000)).toEqual({ do: "wait", ms: 3000, reason: "The server cannot be reached" });
    expect(plan(away, DEMAND, NOW + 4000).do).toBe("capture");
  });

  test("also when the clock was set back by an hour", () => {
    expect(plan(share({ askedAt: NOW + 3_600_000 }), DEMAND, NOW).do).toBe("capture");
    expect(plan(failed(share(), "The server cannot be reached", false, 4000, NOW), DEMAND, NOW - 3_600_000).do).toBe("capture");
  });

  test("a share that waits says why", () => {
    expect(waits(share({ phase: "live" }), UNWATCHED)).toMatchObject({ phase: "waiting", reason: UNWATCHED });
  });
});
