import { expect, test } from "vitest";
import type { Status } from "../messages";
import { lookOf } from "./badge";
import { selectorsOf } from "./selectors";
import { agoOf, everyOf, saidOf } from "./words";

const status: Status = { server: "", automatic: true, everywhere: true, restriction: null, site: null, mode: null, phase: "off", reason: null, stream: "tab:x-1", sentAt: null };

test("a tab that is not shared is not said to be broken", () => {
  expect(saidOf(status, 0)).toEqual({ tone: "none", state: "Not shared", reason: null });
});

test("a shared tab says how, and when the last picture went out", () => {
  expect(saidOf({ ...status, mode: "automatic", phase: "live", sentAt: 0 }, 65_000)).toEqual({ tone: "good", state: "Shared · last picture 1 min ago", reason: null });
  expect(saidOf({ ...status, mode: "continuous", phase: "waiting", reason: "Nobody is watching" }, 0)).toEqual({ tone: "warn", state: "Streamed, waiting", reason: "Nobody is watching" });
});

test("times are said in the unit that fits, and the future is now", () => {
  expect([-5000, 0, 30_000, 90_000, 7_200_000].map(agoOf)).toEqual(["now", "now", "30 s ago", "1 min ago", "2 h ago"]);
  expect([0.5, 1, 3].map(everyOf)).toEqual(["half a second", "second", "3 seconds"]);
});

test("the badge is a word for each phase, and nothing for a tab that is not shared", () => {
  expect((["live", "waiting", "off", null] as const).map((phase) => lookOf(phase, null).text)).toEqual(["live", "wait", "off", ""]);
  expect(lookOf("waiting", "Nobody is watching").title).toContain("Nobody is watching");
});

test("the first line that is no selector is named", () => {
  const known = (line: string): boolean => line.startsWith(".");
  expect(selectorsOf(".a\n\n.b", known)).toEqual([".a", ".b"]);
  expect(selectorsOf(".a\n>>", known)).toContain("“>>”");
});
