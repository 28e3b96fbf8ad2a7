// The figure of likeness: 1 for the same, falls with noise, with shifting, and to nothing for something else.
import { expect, it } from "vitest";
import { likeness, type Luminance, luminance, percent, SMALL, similarity, smallSize } from "./similarity";

/** Always the same "random" numbers: 0 to 1. */
function dice(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 16_807) % 2_147_483_647) / 2_147_483_647;
}
function picture(value: (x: number, y: number) => number, width = 96, height = 64): Luminance {
  const values = new Float32Array(width * height);
  for (let y = 0; y < height; y += 1) for (let x = 0; x < width; x += 1) values[y * width + x] = Math.min(255, Math.max(0, value(x, y)));
  return { width, height, values };
}
const scene = (x: number, y: number): number => 128 + 80 * Math.sin(x / 5) * Math.cos(y / 7) + (x > 40 && y > 20 && x < 70 ? 40 : 0);

it("is 1 for the same picture, also for a plain one", () => {
  expect(similarity(picture(scene), picture(scene))).toBeCloseTo(1, 9);
  expect(similarity(picture(() => 0), picture(() => 0))).toBe(1);
});

it("falls with noise, and the more of it the further", () => {
  const noisy = (most: number): Luminance => {
    const roll = dice(7);
    return picture((x, y) => scene(x, y) + (roll() - 0.5) * 2 * most);
  };
  const figures = [2, 10, 40, 120].map((most) => similarity(picture(scene), noisy(most)));
  expect(figures).toEqual([...figures].sort((a, b) => b - a));
  expect(figures[0]).toBeGreaterThan(0.99);
  expect(figures[3]).toBeLessThan(0.6);
});

it("minds a little more light less than another structure", () => {
  const lighter = similarity(picture(scene), picture((x, y) => scene(x, y) + 8));
  const turned = similarity(picture(scene), picture((x, y) => scene(y, x)));
  expect(lighter).toBeGreaterThan(0.97);
  expect(turned).toBeLessThan(0.5);
});

it("is the same in both directions, never below 0, and knows pictures smaller than its window", () => {
  const negative = picture((x, y) => 255 - scene(x, y));
  expect(similarity(picture(scene), negative)).toBe(0);
  const moved = picture((x, y) => scene(x + 2, y));
  expect(similarity(picture(scene), moved)).toBeCloseTo(similarity(moved, picture(scene)), 12);
  expect(similarity(picture(scene, 3, 2), picture(scene, 3, 2))).toBeCloseTo(1, 9);
  expect(() => similarity(picture(scene, 3, 2), picture(scene, 2, 3))).toThrow("3 × 2 cannot be compared with 2 × 3");
});

it("reads colours as brightness, with what is transparent on white", () => {
  const { values } = luminance(new Uint8ClampedArray([255, 0, 0, 255, 0, 255, 0, 255, 0, 0, 255, 255, 0, 0, 0, 0]), 2, 2);
  expect([...values].map(Math.round)).toEqual([76, 150, 29, 255]);
});

it("compares in a small size of the larger one's shape", () => {
  expect(smallSize({ width: 400, height: 300 }, { width: 4000, height: 3000 })).toEqual({ width: SMALL, height: 192 });
  expect(smallSize({ width: 30, height: 20 }, { width: 3000, height: 2000 })).toEqual({ width: 30, height: 20 });
  expect(smallSize({ width: 1, height: 5000 }, { width: 1, height: 5000 })).toEqual({ width: 1, height: SMALL });
});

it("says it in per cent that never round up to all, and in words", () => {
  expect([1, 0.99999, 0.9821, 0.8999, 0.004].map(percent)).toEqual(["100 %", "99.9 %", "98.2 %", "89 %", "0 %"]);
  expect(new Set([1, 0.96, 0.9, 0.7, 0.4, 0.1].map(likeness)).size).toBe(6);
});
