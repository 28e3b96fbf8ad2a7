import { expect, it } from "vitest";
import { counted, kindWords, lasting, priorityName, stateName, took } from "./job";

it("lengths of time are said in the units that matter", () => {
  expect([840, 4_200, 12_400, 59_400, 59_960, 80_000, 180_000, 7_500_000, 3_599_900].map(lasting)).toEqual(["840 ms", "4.2 s", "12 s", "59 s", "1 min", "1 min 20 s", "3 min", "2 h 5 min", "1 h"]);
});

it("a job has run since it was started, until it ended", () => {
  expect(took({ started_at: null, finished_at: null }, 10)).toBeNull();
  expect(took({ started_at: 4, finished_at: null }, 10)).toBe(6);
  expect(took({ started_at: 4, finished_at: 9 }, 10)).toBe(5);
});

it("a job that is to end says so until it has", () => {
  expect(stateName({ state: "running", cancel_requested: true })).toBe("Cancelling");
  expect(stateName({ state: "succeeded", cancel_requested: true })).toBe("Succeeded");
});

it("names and numbers are written for people", () => {
  expect([10, 0, 3, -2].map(priorityName)).toEqual(["Highest", "Normal", "+3", "−2"]);
  expect(kindWords("job_postings")).toBe("Job postings");
  expect([counted(1, "item"), counted(1200, "item"), counted(0, "company", "companies")]).toEqual(["1 item", "1,200 items", "0 companies"]);
});
