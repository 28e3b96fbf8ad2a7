import { expect, test } from "vitest";
import { Trail, TRAIL_MS } from "./trail";

const box = (left: number, top: number): { left: number; top: number; right: number; bottom: number } => ({ left, top, right: left + 100, bottom: top + 20 });

test("what stands still is covered where it is", () => {
  const trail = new Trail();
  expect(trail.note(box(10, 10), 0)).toBe(false);
  expect(trail.note(box(10, 10.4), 16)).toBe(false);
  expect(trail.cover()).toEqual({ left: 10, top: 10, right: 110, bottom: 30.8 + 0.4 });
});

test("what scrolls is covered where it was and where the next frames may have it", () => {
  const trail = new Trail();
  trail.note(box(10, 200), 0);
  expect(trail.note(box(10, 180), 16)).toBe(true);
  expect(trail.cover()).toEqual({ left: 10, top: 140, right: 110, bottom: 220 });
});

test("when it rests, its cover is its own size again", () => {
  const trail = new Trail();
  trail.note(box(10, 200), 0);
  trail.note(box(10, 180), 16);
  trail.note(box(10, 180), 32);
  trail.note(box(10, 180), 32 + TRAIL_MS);
  expect(trail.cover()).toEqual(box(10, 180));
});

test("what has gone is covered for a while where it was, and then not at all", () => {
  const trail = new Trail();
  trail.note(box(10, 10), 0);
  expect(trail.note(null, 16)).toBe(true);
  expect(trail.cover()).toEqual(box(10, 10));
  trail.note(null, TRAIL_MS + 1);
  expect(trail.cover()).toBeNull();
});
