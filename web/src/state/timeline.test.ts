// Many named moments, readable.
import { expect, it } from "vitest";
import type { ActionModel } from "@/gen/messages";
import { ago, chapters, pictured, span, timeline } from "./timeline";

const act = (label: string, at: number, selector: string | null = null): ActionModel => ({ label, at, selector, box: null });

it("few actions are one list, newest first", () => {
  const [only, ...rest] = timeline([act("Open", 1_000), act("Log in", 2_000)]);
  expect(rest).toEqual([]);
  expect(only?.at).toBeNull();
  expect(only?.moments.map(({ label }) => label)).toEqual(["Log in", "Open"]);
});

it("the same action again and again is one line with a count", () => {
  const [all] = timeline([act("Scroll", 1_000), act("Scroll", 2_000), act("Scroll", 3_000), act("Click", 4_000), act("Scroll", 5_000)]);
  expect(all?.moments.map(({ label, count, from, to }) => [label, count, from, to])).toEqual([
    ["Scroll", 1, 5_000, 5_000],
    ["Click", 1, 4_000, 4_000],
    ["Scroll", 3, 1_000, 3_000],
  ]);
});

it("another element, or the same label much later, is another line", () => {
  const [all] = timeline([act("Fill", 1_000, "#name"), act("Fill", 1_500, "#mail"), act("Fill", 90_000, "#mail")]);
  expect(all?.moments).toHaveLength(3);
});

it("many actions stand under the minute in which they were", () => {
  const many = Array.from({ length: 30 }, (_, index) => act(`Step ${index}`, index * 10_000));
  const stretches = timeline(many);
  expect(stretches.map(({ at }) => at)).toEqual([240_000, 180_000, 120_000, 60_000, 0]);
  expect(stretches[0]?.moments.map(({ label }) => label)).toEqual(["Step 29", "Step 28", "Step 27", "Step 26", "Step 25", "Step 24"]);
});

it("the minute is that of the clock that is shown", () => {
  const many = Array.from({ length: 30 }, (_, index) => act(`Step ${index}`, index * 10_000));
  const stretches = timeline(many, 0.4);
  expect(stretches.map(({ at }) => at)).toEqual([240_000, 180_000, 120_000, 60_000, 0, -60_000]);
  expect(stretches.at(-1)?.moments.map(({ label }) => label)).toEqual(["Step 0"]);
});

it("a line keeps its key when newer actions come, also in the same millisecond", () => {
  const first = [act("A", 5), act("B", 5)];
  const keys = (actions: ActionModel[]): string[] => timeline(actions).flatMap(({ moments }) => moments.map(({ key }) => key));
  expect(keys(first)).toEqual(["5-1", "5-0"]);
  expect(keys([...first, act("C", 9)])).toEqual(["9-0", "5-1", "5-0"]);
});

it("nothing named is nothing shown", () => expect(timeline([])).toEqual([]));

it("says how long ago", () => {
  expect([0, 1_500, 12_000, 180_000, 7_200_000, 172_800_000].map(ago)).toEqual(["now", "now", "12 s ago", "3 min ago", "2 h ago", "2 d ago"]);
});

it("a chapter is as wide as it took long, and one that takes very long leaves room for the others", () => {
  const steps = [act("Open", 0), act("Read", 1_000), act("Save", 3_000)];
  const bar = chapters(steps, 4_000);
  expect(bar.map(({ moment, ms, share }) => [moment.label, ms, share])).toEqual([["Open", 1_000, 0.25], ["Read", 2_000, 0.5], ["Save", 1_000, 0.25]]);
  const waiting = chapters(steps, 10_000_000);
  expect(waiting.map(({ share }) => Math.round(share * 100))).toEqual([5, 11, 84]);
  expect(waiting.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1);
  expect(chapters([], 0)).toEqual([]);
  expect(chapters([act("Only", 5)], 5)).toMatchObject([{ share: 1, ms: 0 }]);
});

it("a moment has the picture of its own step, also when the journal's clock was read a little later", () => {
  const [all] = timeline([act("Open", 1_000), act("Scroll", 60_000), act("Scroll", 61_000), act("Open", 90_000)]);
  const picture = (id: string, label: string, at: number) => ({ id, label, at, url: `/${id}.jpg` });
  const found = pictured(all?.moments ?? [], [picture("1", "Open", 998), picture("2", "Scroll", 60_001), picture("3", "Scroll", 61_001), picture("4", "Other", 90_000)]);
  expect([...found].map(([key, { id }]) => [key, id])).toEqual([["60000-0", "3"], ["1000-0", "1"]]);
});

it("says how long something took", () => {
  expect([400, 9_940, 12_400, 59_600, 185_000, 7_265_000].map(span)).toEqual(["0.4 s", "9.9 s", "12 s", "1 min 0 s", "3 min 5 s", "2 h 1 min"]);
});
