import { describe, expect, it } from "vitest";
import type { Job } from "./job";
import { EVERYTHING, type Listing, lookFromQuery, matches, merged, queryFromLook } from "./queue";

function job(id: number, part: Partial<Job> = {}): Job {
  return {
    id, kind: "job_postings", target: `site-${id}.example`, options: {}, priority: 0, group: null, state: "queued", stream: `job:${id}`, created_at: 0, run_after: 0,
    started_at: null, finished_at: null, attempt: 0, max_attempts: 3, progress: null, action: null, items: 0, cancel_requested: false, error: null, summary: null, ...part,
  };
}
const ids = ({ jobs }: Listing): number[] => jobs.map(({ id }) => id);

describe("the list of the queue page", () => {
  const listing: Listing = { jobs: [job(9), job(7), job(5)], hasMore: true };

  it("puts new jobs on top and changes those that it shows in place", () => {
    const after = merged(listing, [job(7, { state: "running" }), job(11), job(10)], EVERYTHING);
    expect(ids(after)).toEqual([11, 10, 9, 7, 5]);
    expect(after.jobs[3]?.state).toBe("running");
  });

  it("leaves jobs that belong to a page which was not asked for where they are", () => {
    expect(ids(merged(listing, [job(3)], EVERYTHING))).toEqual([9, 7, 5]);
    expect(ids(merged({ ...listing, hasMore: false }, [job(3)], EVERYTHING))).toEqual([9, 7, 5, 3]);
  });

  it("lets go of what does not match any more, unless it is to be kept", () => {
    const look = { ...EVERYTHING, state: "queued" } as const;
    expect(ids(merged(listing, [job(7, { state: "running" })], look))).toEqual([9, 5]);
    expect(ids(merged(listing, [job(7, { state: "running" }), job(12, { state: "running" })], look, () => true))).toEqual([9, 7, 5]);
  });
});

it("a text is looked for in target and error, whatever its case", () => {
  const one = job(42, { target: "Acme.Example", error: { code: "dns", message: "No such name" } });
  for (const text of ["acme", "SUCH name", " acme "]) expect(matches(one, { ...EVERYTHING, text })).toBe(true);
  expect(matches(one, { ...EVERYTHING, text: "globex" })).toBe(false);
});

it("the address carries what is looked for, and nothing that makes no sense", () => {
  const look = { state: "failed", kind: "job_postings", group: "a", text: "b" } as const;
  expect(lookFromQuery(queryFromLook(look) as Record<string, string>)).toEqual(look);
  expect(lookFromQuery({ state: "exploded", q: null })).toEqual(EVERYTHING);
  expect(queryFromLook(EVERYTHING)).toEqual({});
});
