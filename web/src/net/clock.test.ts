// The server's clock from pings.
import { expect, it } from "vitest";
import { ServerClock } from "./clock";

function clockAt(): { clock: ServerClock; at: (ms: number) => void } {
  let local = 0;
  return { clock: new ServerClock(() => local), at: (ms) => (local = ms) };
}

it("takes the offset from the ping with the shortest round trip", () => {
  const { clock, at } = clockAt();
  at(1_000);
  const slow = clock.ping();
  at(1_100);
  clock.pong(slow, 6_090); // halfway is 1050: offset 5040, but 100 ms uncertain
  expect(clock.offset).toBe(5_040);
  at(2_000);
  const fast = clock.ping();
  at(2_010);
  clock.pong(fast, 7_005); // halfway is 2005: offset 5000
  expect(clock.offset).toBe(5_000);
  expect(clock.roundTrip).toBe(10);
  at(3_000);
  const slowAgain = clock.ping();
  at(3_400);
  clock.pong(slowAgain, 9_999);
  expect(clock.offset).toBe(5_000);
  expect(clock.now()).toBe(8_400);
});

it("forgets a short round trip of long ago, because clocks drift", () => {
  const { clock, at } = clockAt();
  const first = clock.ping();
  at(2);
  clock.pong(first, 1_001);
  at(200_000);
  const later = clock.ping();
  at(200_050);
  clock.pong(later, 201_525);
  expect(clock.offset).toBe(1_500);
});

it("uses a first guess until a pong comes, and ignores pongs that nobody asked for", () => {
  const { clock, at } = clockAt();
  at(10);
  clock.guess(1_010);
  expect(clock.offset).toBe(1_000);
  clock.pong(99, 5_000_000);
  expect(clock.offset).toBe(1_000);
  expect(clock.roundTrip).toBeNull();
});

it("knows since when an answer is missing", () => {
  const { clock, at } = clockAt();
  expect(clock.waitingSince).toBeNull();
  at(5);
  const id = clock.ping();
  expect(clock.waitingSince).toBe(5);
  clock.pong(id, 0);
  expect(clock.waitingSince).toBeNull();
});
