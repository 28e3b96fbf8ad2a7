import { LONGEST_MS } from "@web/net/backoff";
import { REFUSED_RETRY_MS } from "@web/net/refusal";
import { expect, test } from "vitest";
import { pauseAfter } from "./backoff";
import { Failure } from "./failure";

const away = new Failure("away", "gone");
const most = (): number => 1;

test("pauses double up to a ceiling, and are drawn from all of it", () => {
  expect([1, 2, 3, 4].map((failures) => pauseAfter(failures, away, most))).toEqual([250, 500, 1000, 2000]);
  expect(pauseAfter(1000, away, most)).toBe(LONGEST_MS);
  expect(pauseAfter(4, away, () => 0.5)).toBe(1000);
});

test("there is always some pause", () => {
  expect(pauseAfter(1, away, () => 0)).toBeGreaterThan(0);
});

test("who is refused comes back rarely, and who is told when, then", () => {
  expect(pauseAfter(1, new Failure("refused", "no"), most)).toBe(REFUSED_RETRY_MS);
  expect(pauseAfter(9, new Failure("busy", "slower", 2000), most)).toBe(2000);
  expect(pauseAfter(1, new Failure("busy", "slower", 3_600_000), most)).toBe(60_000);
});
