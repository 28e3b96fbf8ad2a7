// What a pane asks for at which size.
import { expect, it } from "vitest";
import { boxOf, defaultFps, fittedWidth, rung } from "./size";

it("asks for the next step up, so that nothing is blurred and panes share renditions", () => {
  expect([1, 320, 321, 322, 640, 900, 1_281, 5_000].map(rung)).toEqual([320, 320, 320, 480, 640, 960, 1_280, 3_840]);
});

it("asks a tall picture in a wide tile for the width that it has there", () => {
  expect(fittedWidth({ width: 640, height: 360 }, { width: 390, height: 844 })).toBeCloseTo(166.35, 1);
  expect(fittedWidth({ width: 640, height: 360 }, { width: 1_920, height: 1_080 })).toBe(640);
  expect(fittedWidth({ width: 640, height: 360 }, null)).toBe(640);
});

it("lets a thumbnail have fewer pictures a second than a stage", () => {
  expect([320, 640, 1_280].map(defaultFps)).toEqual([5, 10, 15]);
});

it("asks for the source's own size, a usual screen, or what the pane needs", () => {
  expect(boxOf("source", 640)).toEqual({ width: null, height: null });
  expect(boxOf("720p", 640)).toEqual({ width: 1_280, height: 720 });
  expect(boxOf("window", 640)).toEqual({ width: 640, height: null });
});
