import { expect, test } from "vitest";
import { scaled } from "./scale";

test("a picture is as large as viewers show it, in its own shape, and never larger than it is", () => {
  expect(scaled({ width: 1920, height: 1080 }, { width: 480, height: null })).toEqual({ width: 480, height: 270 });
  expect(scaled({ width: 1920, height: 1080 }, { width: 480, height: 100 })).toEqual({ width: 178, height: 100 });
  expect(scaled({ width: 640, height: 480 }, { width: 1920, height: 1080 })).toEqual({ width: 640, height: 480 });
  expect(scaled({ width: 640, height: 480 }, { width: null, height: null })).toEqual({ width: 640, height: 480 });
  expect(scaled({ width: 5000, height: 10 }, { width: 100, height: null })).toEqual({ width: 100, height: 1 });
});
