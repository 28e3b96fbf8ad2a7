// Pictures and bytes a second.
import { expect, it } from "vitest";
import { Meter } from "./meter";

it("counts over the last three seconds and falls to nothing when nothing comes", () => {
  let now = 0;
  const meter = new Meter(() => now);
  for (; now < 6_000; now += 100) meter.add(1_000);
  expect(meter.perSecond.fps).toBeCloseTo(10, 0);
  expect(meter.perSecond.bytes).toBeCloseTo(10_000, -3);
  now += 10_000;
  expect(meter.perSecond).toEqual({ fps: 0, bytes: 0 });
});

it("does not call one picture a rate of thousands", () => {
  const meter = new Meter(() => 5);
  meter.add(100);
  expect(meter.perSecond.fps).toBe(1);
});
