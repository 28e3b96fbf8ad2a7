// Waiting before the next attempt.
import { expect, it } from "vitest";
import { Backoff } from "./backoff";

it("doubles from a quarter of a second to five seconds", () => {
  const longest = new Backoff(() => 1);
  expect(Array.from({ length: 7 }, () => longest.next())).toEqual([250, 500, 1_000, 2_000, 4_000, 5_000, 5_000]);
});

it("jitters over the whole interval, and starts again after a success", () => {
  let value = 0;
  const backoff = new Backoff(() => value);
  expect(backoff.next()).toBe(0);
  value = 0.5;
  expect(backoff.next()).toBe(250);
  backoff.reset();
  expect(backoff.next()).toBe(125);
});
