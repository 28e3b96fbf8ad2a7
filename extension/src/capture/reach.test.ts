import { expect, test } from "vitest";
import type { Covered } from "../page/page";
import { needsWhole, wrongIn } from "./reach";

const page: Covered = { painted: true, count: 0, closed: 0, opaque: false, apart: false, outside: false, whole: false, wrong: null };
const frame: Covered = { ...page, apart: true, outside: true };

test("a page whose frames have all answered is covered from inside", () => {
  expect(needsWhole([page])).toBe(false);
  expect(needsWhole([page, page])).toBe(false); // a frame that the page itself can look into
  expect(needsWhole([{ ...page, closed: 2 }, { ...frame, closed: 1 }, frame, frame])).toBe(false);
});

test("a frame that nobody came into is covered as a whole, wherever it is", () => {
  expect(needsWhole([{ ...page, closed: 1 }])).toBe(true);
  expect(needsWhole([{ ...page, closed: 1 }, { ...frame, closed: 1 }])).toBe(true);
});

test("something that may be a frame, or a document that nobody counted, is no certainty", () => {
  expect(needsWhole([{ ...page, opaque: true }])).toBe(true);
  expect(needsWhole([page, frame])).toBe(true);
});

test("a frame that draws nothing now does not stop the page around it, which covers it", () => {
  const answers = [{ ...page, closed: 1 }, { ...frame, painted: false }];
  expect(needsWhole(answers)).toBe(true);
  expect(wrongIn(answers, true)).toBeNull();
  expect(wrongIn(answers, false)).toBe("This page draws nothing now");
});

test("a page that draws nothing is not captured, and neither is one with a selector that is none", () => {
  expect(wrongIn([{ ...page, painted: false }], true)).toBe("This page draws nothing now");
  expect(wrongIn([{ ...page, closed: 1 }, { ...frame, painted: false, wrong: "“>>” is no CSS selector" }], true)).toContain("“>>”");
});
