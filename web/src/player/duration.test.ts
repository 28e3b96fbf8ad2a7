// Ages in a word or two.
import { expect, it } from "vitest";
import { duration } from "./duration";

it("says how long ago, never more exact than it matters", () => {
  const cases = [-50, 380, 999, 1_000, 42_900, 60_000, 3_599_000, 7_200_000, 200_000_000];
  expect(cases.map(duration)).toEqual(["0.0 s", "0.4 s", "1.0 s", "1 s", "42 s", "1 min", "59 min", "2 h", "2 d"]);
});
