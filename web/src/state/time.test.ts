import { expect, test } from "vitest";
import { relative, span } from "./time";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

test("a span has one unit, rounded", () => {
  expect(span(59.2)).toBe("59 s");
  expect(span(119)).toBe("2 min");
  expect(span(3600)).toBe("1 h");
  expect(span(3590)).toBe("1 h");
  expect(span(8 * 3600 - 5)).toBe("8 h");
  expect(span(48 * 3600)).toBe("2 days");
  expect(span(365 * 86_400)).toBe("12 months");
  expect(span(-5)).toBe("0 s");
});

test("a time is said from now, before and after", () => {
  expect(relative(0, 5 * MINUTE)).toBe("5 min ago");
  expect(relative(3 * HOUR + MINUTE, MINUTE)).toBe("in 3 h");
  expect(relative(7 * DAY, 0)).toBe("in 7 days");
  expect(relative(2_000, 4_000)).toBe("just now");
});
