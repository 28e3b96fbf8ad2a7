// What the bare viewer says, and when.
import { expect, it } from "vitest";
import { leftWords, linkWords, phaseWords, retryWords } from "./words";

it("tells the connection, and the reason only while it is not there", () => {
  const state = { since: 0, retryAt: 12_000, reason: "the server restarts", refusal: null } as const;
  expect(phaseWords({ ...state, phase: "reconnecting" })).toBe("Disconnected: the server restarts");
  expect(phaseWords({ ...state, phase: "open" })).toBe("Connected");
  expect(retryWords({ ...state, phase: "reconnecting" }, 2_000)).toBe(" · next try in 10 s");
  expect(retryWords({ ...state, phase: "reconnecting" }, 11_500)).toBe(" · trying again…");
  expect(retryWords({ ...state, phase: "open" }, 0)).toBe("");
});

it("tells an expired link from a revoked and a used one", () => {
  expect(linkWords("this share link has expired; ask for a new one")).toBe("This link has expired");
  expect(linkWords("this share link was revoked")).toBe("This link was revoked");
  expect(linkWords("this link could be opened once, and has been; ask for a new one")).toBe("This link is used up");
  expect(linkWords("")).toBe("This link does not work");
});

it("counts down in words that get finer", () => {
  const [s, min, h] = [1_000, 60_000, 3_600_000];
  expect([2 * 24 * h + 3 * h, 24 * h, h + 5 * min, 2 * h, 4 * min + s, 42 * s, -5].map(leftWords)).toEqual([
    "2 d 3 h", "1 d", "1 h 5 min", "2 h", "4 min", "42 s", "0 s",
  ]);
});
