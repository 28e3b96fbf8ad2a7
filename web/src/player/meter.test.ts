// Pictures and bytes a second, and how long new pictures took.
import { expect, it } from "vitest";
import { Meter } from "./meter";

/** A picture that took 40 ms, 5 of them here. */
const picture = (seq: number, more: object = {}) => ({ epoch: 1, seq, capturedAt: 1_000, receivedAt: 1_035, paintedAt: 1_040, ...more });
/** One that the source had before anybody looked. */
const OLD = picture(1, { capturedAt: -60_000 });

it("counts over the last three seconds and falls to nothing when nothing comes", () => {
  let now = 0;
  const meter = new Meter(() => now);
  for (; now < 6_000; now += 100) meter.add(1_000, picture(now));
  expect(meter.perSecond.fps).toBeCloseTo(10, 0);
  expect(meter.perSecond.bytes).toBeCloseTo(10_000, -3);
  now += 10_000;
  expect(meter.perSecond).toEqual({ fps: 0, bytes: 0, latency: null, browser: null, size: null });
});

it("does not call one picture a rate of thousands", () => {
  const meter = new Meter(() => 5);
  meter.add(100, OLD);
  expect(meter.perSecond.fps).toBe(1);
});

it("tells the means of what pictures took and weighed", () => {
  const meter = new Meter(() => 5);
  meter.add(200, OLD);
  meter.add(100, picture(2));
  meter.add(300, picture(3, { paintedAt: 1_060 }));
  expect(meter.perSecond).toMatchObject({ latency: 50, browser: 15, size: 200 });
});

it("does not take the age of a still page for a delay: not at first, not in another size, not when somebody looks again", () => {
  const meter = new Meter(() => 5);
  meter.add(100, OLD);
  meter.add(200, OLD);
  expect(meter.perSecond).toMatchObject({ latency: null, browser: null, size: 150 });
  meter.add(150, picture(2));
  expect(meter.perSecond).toMatchObject({ latency: 40, browser: 5 });
  meter.begin();
  meter.add(150, picture(7, { capturedAt: -30_000 }));
  meter.add(150, picture(1, { epoch: 2, capturedAt: -20_000 }));
  expect(meter.perSecond).toMatchObject({ latency: 40, browser: 5 });
});
