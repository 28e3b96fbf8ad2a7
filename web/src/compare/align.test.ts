// Two pictures stay one above the other: whatever their sizes, and wherever one zooms and moves.
import { expect, it } from "vitest";
import { aligned, fit, held, isLarger, moved, shown, times, track, zoomed } from "./align";

const STAGE = { width: 1000, height: 600 };
const BOX = { width: 4000, height: 3000 };

it("puts the smaller one into the box of the larger one, and says how much it was enlarged", () => {
  const { box, left, right, enlarged, isFitted } = aligned({ width: 400, height: 300 }, BOX);
  expect(box).toEqual(BOX);
  expect(left).toEqual({ x: 0, y: 0, ...BOX });
  expect(right).toEqual(left);
  expect(enlarged).toEqual({ left: 10, right: 1 });
  expect(isFitted).toBe(false);
});

it("takes a shape that was rounded for the same, and fits another one without stretching it", () => {
  expect(aligned({ width: 320, height: 213 }, { width: 1600, height: 1067 }).isFitted).toBe(false);
  const { left, right, isFitted } = aligned({ width: 100, height: 100 }, { width: 400, height: 200 });
  expect(isFitted).toBe(true);
  expect(left).toEqual({ x: 100, y: 0, width: 200, height: 200 });
  expect(right).toEqual({ x: 0, y: 0, width: 400, height: 200 });
});

it("fits all of it into the middle, small ones too", () => {
  expect(fit(BOX, STAGE)).toEqual({ scale: 0.2, x: 100, y: 0 });
  expect(fit({ width: 100, height: 100 }, STAGE)).toEqual({ scale: 6, x: 200, y: 0 });
});

it("zooms with the place under the hand where it is, and within bounds", () => {
  const at = { x: 400, y: 250 };
  const before = fit(BOX, STAGE);
  const after = zoomed(before, 1, at, BOX, STAGE);
  expect(after.scale).toBe(1);
  const place = (view: typeof before): number[] => [(at.x - view.x) / view.scale, (at.y - view.y) / view.scale];
  expect(place(after)).toEqual(place(before));
  expect(zoomed(after, 1000, at, BOX, STAGE).scale).toBe(16);
  expect(zoomed(after, 0.0001, at, BOX, STAGE)).toEqual(before);
});

it("never moves the picture out of sight", () => {
  const view = zoomed(fit(BOX, STAGE), 1, { x: 0, y: 0 }, BOX, STAGE);
  expect(isLarger(view, BOX, STAGE)).toBe(true);
  expect(moved(view, 1e6, 1e6, BOX, STAGE)).toEqual({ scale: 1, x: 0, y: 0 });
  expect(moved(view, -1e6, -1e6, BOX, STAGE)).toEqual({ scale: 1, x: -3000, y: -2400 });
  expect(held({ scale: 0.1, x: -50, y: 900 }, BOX, STAGE)).toEqual({ scale: 0.1, x: 300, y: 150 });
  expect(isLarger(fit(BOX, STAGE), BOX, STAGE)).toBe(false);
});

it("lets the divider go over what is seen of the picture", () => {
  expect(track(fit(BOX, STAGE), BOX, STAGE)).toEqual({ from: 100, to: 900 });
  expect(track({ scale: 1, x: -500, y: 0 }, BOX, STAGE)).toEqual({ from: 0, to: 1000 });
  expect(shown({ scale: 2, x: 10, y: 20 }, { x: 5, y: 5, width: 10, height: 10 })).toEqual({ x: 20, y: 30, width: 20, height: 20 });
});

it("says how many times larger", () => expect([1, 1.26, 9.96, 1234].map(times)).toEqual(["1 ×", "1.3 ×", "10 ×", "1,234 ×"]));
