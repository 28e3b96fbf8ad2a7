import { expect, it } from "vitest";
import { cellText, hasText, linkOf, tableColumns } from "./table";

it("a table begins with what people look for, and leaves what is long to the details", () => {
  expect(tableColumns([{ signals: ["a"], url: "https://x", b: 1, title: "T", summary: "long", n: null }])).toEqual(["title", "url", "b"]);
  expect(tableColumns([{ only: { deep: 1 } }])).toEqual(["only"]);
  expect(tableColumns([])).toEqual([]);
});

it("a cell tells any JSON in a line", () => {
  expect([null, true, 1234.5, 1_000_000, ["a", 1], { a: 1 }].map(cellText)).toEqual(["", "yes", "1234.5", "1,000,000", "a, 1", '{"a":1}']);
});

it("only addresses of the web are links", () => {
  expect(linkOf("https://acme.example/x")).toBe("https://acme.example/x");
  for (const value of ["javascript:alert(1)", "data:text/html,x", "acme.example", 5, null]) expect(linkOf(value)).toBeNull();
});

it("a text is looked for in every field", () => {
  expect(hasText({ a: "x", tags: ["Rust"] }, " rust ")).toBe(true);
  expect(hasText({ a: "x" }, "go")).toBe(false);
});
