// What is said of two pictures is true of both, and says what was done to them.
import { expect, it } from "vitest";
import { difference, scaling } from "./verdict";

const one = (width: number, height: number, bytes: number) => ({ size: { width, height }, bytes });

it("says which is larger and which is heavier, also when these are not the same one", () => {
  expect(difference({ left: one(320, 200, 20_000), right: one(1600, 1000, 124_000) })).toBe("Right has 25 × the pixels and 6.2 × the bytes.");
  expect(difference({ left: one(320, 200, 30_000), right: one(640, 400, 20_000) })).toBe("Left has 50 % more bytes. Right has 4 × the pixels.");
  expect(difference({ left: one(320, 200, 20_000), right: one(320, 200, 20_010) })).toBe("Both have as many pixels and bytes.");
});

it("says how the smaller one was made to fit", () => {
  expect(scaling({ width: 320, height: 200 }, { width: 1600, height: 1000 })).toBe("Left is scaled 5 × to stand in the 1600 × 1000 of the other.");
  expect(scaling({ width: 400, height: 200 }, { width: 100, height: 100 })).toBe("Right is scaled 2 × to stand in the 400 × 200 of the other; their shapes differ, so it has a rim.");
  expect(scaling({ width: 400, height: 200 }, { width: 400, height: 100 })).toBe("Right is shown to stand in the 400 × 200 of the other; their shapes differ, so it has a rim.");
  expect(scaling({ width: 400, height: 200 }, { width: 400, height: 200 })).toBe("");
});
