import { expect, it } from "vitest";
import { columnsOf, toCsv } from "./csv";

it("cells keep commas, quotes and lines, and run no formula", () => {
  const rows = [{ title: 'Engineer, "C"', note: "two\nlines", signals: ["a", "b"], score: -3 }, { title: "=HYPERLINK(\"x\")", note: null, salary: { min: 1 } }];
  expect(columnsOf(rows)).toEqual(["title", "note", "signals", "score", "salary"]);
  expect(toCsv(rows, columnsOf(rows))).toBe('\uFEFFtitle,note,signals,score,salary\r\n"Engineer, ""C""","two\nlines",a; b,-3,\r\n"\'=HYPERLINK(""x"")",,,,"{""min"":1}"\r\n');
});
