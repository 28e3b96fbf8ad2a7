import { expect, it } from "vitest";
import { facts, nested } from "./facts";

it("facts come in their units, known ones first, nested ones apart", () => {
  const summary = { board: "acme", bytes: 1_234_567, rung: "feed", ms: 12_345, nothing: null, company_health: { stale_share: 0.25, basis: ["3 jobs"] }, seen: [] };
  expect(facts(summary)).toEqual([
    { name: "Found by", value: "feed" }, { name: "Data", value: "1.2 MB" }, { name: "Work", value: "12 s" }, { name: "Board", value: "acme" },
  ]);
  expect(nested(summary)).toEqual([{ name: "Company health", facts: [{ name: "Stale share", value: "25 %" }], lines: ["3 jobs"] }]);
  expect([...facts(null), ...nested(null)]).toEqual([]);
});
