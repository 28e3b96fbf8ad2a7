import { expect, test } from "vitest";
import { numbered, sourceOf, without } from "./numbers";

test("a tab keeps its number, and a new one gets the smallest that is free", () => {
  let numbers = numbered(numbered(numbered({}, 70), 71), 72);
  expect(numbers).toEqual({ 70: 1, 71: 2, 72: 3 });
  expect(numbered(numbers, 71)).toBe(numbers);
  numbers = without(numbers, 71);
  expect(numbered(numbers, 99)).toEqual({ 70: 1, 72: 3, 99: 2 });
});

test("a stream is named after the installation and the number of the tab", () => {
  expect(sourceOf("chrome-x1", 2)).toBe("chrome-x1-2");
});
