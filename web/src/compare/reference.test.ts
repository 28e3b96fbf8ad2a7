// Addresses of comparisons: what is written is read again, and what makes no sense is nothing.
import { expect, it } from "vitest";
import { comparisonFrom, queryOf, type Reference, referenceFrom, referenceText } from "./reference";

const ALL: readonly Reference[] = [
  { kind: "download", id: "shop.example-gallery/0123456789abcdef", version: 2 },
  { kind: "download", id: "shop.example-gallery/0123456789abcdef", version: null },
  { kind: "moment", job: 12, moment: "7" },
  { kind: "kept", id: "k3f9-a" },
];

it("what is written is read again", () => {
  for (const one of ALL) expect(referenceFrom(referenceText(one))).toEqual(one);
  const comparison = { left: ALL[0]!, right: ALL[2]!, mode: "difference" } as const;
  expect(comparisonFrom(queryOf(comparison) as Record<string, string>)).toEqual(comparison);
});

it("what names no picture is nothing, and an unknown mode is the slider", () => {
  for (const text of ["", "download:", "download:only-a-collection", "download:a/b/c", "download:a/b@x", "moment:x/1", "moment:1", "kept:", "kept:a/b", "https://elsewhere.example/a.png"]) {
    expect(referenceFrom(text), text).toBeNull();
  }
  expect(comparisonFrom({ left: null, right: ["kept:a", "kept:b"], mode: "sideways" })).toEqual({ left: null, right: { kind: "kept", id: "a" }, mode: "slider" });
});
