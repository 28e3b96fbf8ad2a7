import { describe, expect, it } from "vitest";
import { ALL_POSTINGS, facet, type Found, narrowed, type Posting, salaryWords, sorted } from "./posting";

const found = (...postings: Posting[]): Found[] => postings.map((posting, index) => ({ key: String(index), domain: `${posting.company ?? ""}.example`, posting }));
const titles = (list: readonly Found[]): string[] => list.map(({ posting }) => posting.title ?? "");

const LIST = found(
  { company: "acme", title: "Engineer", location: "Berlin", location_type: "remote", seniority: "senior", score: 80, posted_at: "2026-11-02" },
  { company: "acme", title: "Accountant", location: "Bern", location_type: "onsite", seniority: "intern", score: 95, posted_at: null },
  { company: "globex", title: "Driver", location: "Oslo", location_type: "remote", score: 80, posted_at: "2026-10-01" },
);

describe("postings", () => {
  it("are narrowed by every word and every choice at once", () => {
    expect(titles(narrowed(LIST, { ...ALL_POSTINGS, text: "ber acme" }))).toEqual(["Engineer", "Accountant"]);
    expect(titles(narrowed(LIST, { ...ALL_POSTINGS, text: "ber", location_type: "remote" }))).toEqual(["Engineer"]);
    expect(titles(narrowed(LIST, { ...ALL_POSTINGS, domain: "globex.example" }))).toEqual(["Driver"]);
  });

  it("are counted for each choice, given the others", () => {
    expect(facet(LIST, { ...ALL_POSTINGS, text: "acme", location_type: "onsite" }, "location_type")).toEqual([{ value: "onsite", count: 1 }, { value: "remote", count: 1 }]);
    expect(facet(LIST, { ...ALL_POSTINGS, text: "globex", seniority: "senior" }, "seniority")).toEqual([{ value: "senior", count: 0 }]);
  });

  it("are ordered either way, and what is not known stands last both times", () => {
    expect(titles(sorted(LIST, { sort: "score", descending: true }))).toEqual(["Accountant", "Driver", "Engineer"]);
    expect(titles(sorted(LIST, { sort: "posted_at", descending: true }))).toEqual(["Engineer", "Driver", "Accountant"]);
    expect(titles(sorted(LIST, { sort: "posted_at", descending: false }))).toEqual(["Driver", "Engineer", "Accountant"]);
    expect(titles(sorted(LIST, { sort: "seniority", descending: true }))).toEqual(["Engineer", "Accountant", "Driver"]);
  });
});

it("a salary is said as far as it is known", () => {
  expect(salaryWords({ min: 60000, max: 80000, currency: "EUR", period: "year", text: "60-80k" })).toBe("EUR 60,000 – 80,000 per year");
  expect(salaryWords({ min: 30, max: 30, currency: "", period: "", text: "30" })).toBe("30");
  expect(salaryWords({ min: null, max: null, currency: "", period: "", text: "competitive" })).toBe("competitive");
  expect(salaryWords(null)).toBe("");
});
