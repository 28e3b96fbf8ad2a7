import { expect, test } from "vitest";
import { matches, patternError, splitPatterns } from "./patterns";

test("an id, a kind with a star and a star alone name streams", () => {
  for (const pattern of ["page:k3f9", "page:*", "producer:alice's laptop", "*", "job:nightly-*-eu"]) expect(patternError(pattern)).toBe("");
});

test("what names no stream is said", () => {
  for (const pattern of ["page", "page:", "pages:*", ":x", "k3f9", "page:a/b", "page:\n", `page:${"x".repeat(200)}`]) expect(patternError(pattern)).not.toBe("");
  expect(patternError("pges:*")).toContain("pges:*");
});

test("a star is any run of characters, also none", () => {
  expect(matches("page:*", "page:k3f9")).toBe(true);
  expect(matches("page:*", "tab:k3f9")).toBe(false);
  expect(matches("*", "tab:k3f9")).toBe(true);
  expect(matches("page:a*b*c", "page:abc")).toBe(true);
  expect(matches("page:a*b*c", "page:a-b-b-c")).toBe(true);
  expect(matches("page:a*b*c", "page:acb")).toBe(false);
  expect(matches("page:aa*aa", "page:aaa")).toBe(false);
  expect(matches("page:k3", "page:k3f9")).toBe(false);
});

test("several patterns are told apart by commas and lines", () => {
  expect(splitPatterns(" page:* , tab:a\nproducer:my laptop,,page:*")).toEqual(["page:*", "tab:a", "producer:my laptop"]);
});
