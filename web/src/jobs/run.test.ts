import { describe, expect, it } from "vitest";
import type { Job } from "./job";
import type { EventKind, JobEvent } from "./journal";
import { asked, type Companies, foundIn, tally, withAnswer, withEvents, withJobs } from "./run";

const job = (id: number, target: string, part: Partial<Job> = {}): Job => ({
  id, kind: "job_postings", target, options: {}, priority: 0, group: "g", state: "queued", stream: `job:${id}`, created_at: 0, run_after: 0, started_at: null, finished_at: null,
  attempt: 0, max_attempts: 2, progress: null, action: null, items: 0, cancel_requested: false, error: null, summary: null, ...part,
});
let last = 0;
const event = (of: number, kind: EventKind, data: Record<string, unknown> = {}): JobEvent => ({ id: ++last, job: of, at: 0, kind, data });
const states = (companies: Companies): string[] => [...companies.values()].map(({ domain, job: id, progress, postings }) => `${domain} ${id ?? "-"} ${progress} ${postings.length}`);

describe("a scrape of several companies", () => {
  const begun = withJobs(asked(["acme.com", " globex.example", "no domain"]), [job(8, "globex.example"), job(7, "acme.com")]);

  it("knows which job looks at which domain, as it was typed", () => {
    expect(states(begun)).toEqual(["acme.com 7 waiting 0", " globex.example 8 waiting 0", "no domain - waiting 0"]);
  });

  it("goes on with what the jobs tell, and another attempt begins anew", () => {
    const now = withEvents(begun, [
      event(7, "started"), event(7, "action", { label: "Reading the careers page" }), event(7, "item", { item: { title: "A" } }), event(8, "started"), event(8, "item", { item: {} }),
      event(8, "retrying", { code: "timeout", message: "" }), event(8, "started"), event(9, "started"),
    ]);
    expect(states(now).slice(0, 2)).toEqual(["acme.com 7 running 1", " globex.example 8 running 0"]);
    expect(now.get("acme.com")?.action).toBe("Reading the careers page");
  });

  it("ends each company with its own answer, whichever way it comes", () => {
    const answered = withAnswer(withAnswer(begun, { domain: "acme.com", status: "success", jobs: [{ title: "A" }, { title: "B" }] }), { domain: "no domain", status: "error", jobs: [], error: "bad_target: no" });
    const told = withEvents(answered, [event(8, "finished", { state: "failed", error: { code: "dns", message: "" }, items: 0 })]);
    expect(states(told)).toEqual(["acme.com 7 done 2", " globex.example 8 failed 0", "no domain - failed 0"]);
    expect(told.get(" globex.example")?.trouble?.short).toBe("No such host");
    expect(tally(told)).toEqual({ all: 3, ended: 3, running: 0, failed: 2, empty: 0, postings: 2 });
    expect(foundIn(told).map(({ key }) => key)).toEqual(["acme.com 0", "acme.com 1"]);
  });

  it("takes a posting once, when the answer overtakes the journal", () => {
    const answered = withAnswer(withEvents(begun, [event(7, "started"), event(7, "item", { item: { title: "A" } })]), { domain: "acme.com", status: "success", jobs: [{ title: "A" }, { title: "B" }] });
    const late = withEvents(answered, [event(7, "item", { item: { title: "B" } }), event(7, "finished", { state: "succeeded" })]);
    expect(states(late)[0]).toBe("acme.com 7 done 2");
    expect(states(withEvents(late, [event(7, "queued"), event(7, "started"), event(7, "item", { item: {} })]))[0]).toBe("acme.com 7 running 1");
  });

  it("does not go back to running by a row that was read before the answer", () => {
    const answered = withAnswer(begun, { domain: "acme.com", status: "success", jobs: [] });
    expect(withJobs(answered, [job(7, "acme.com", { state: "running" })]).get("acme.com")?.progress).toBe("done");
  });

  it("is put together anew from the queue alone", () => {
    const again = withJobs(new Map(), [job(8, "globex.example", { state: "failed", error: { code: "tls", message: "" } }), job(7, "acme.com", { state: "succeeded" })]);
    expect(states(again)).toEqual(["acme.com 7 done 0", "globex.example 8 failed 0"]);
  });

  it("is not done before the postings that its rows count have come from the journal", () => {
    const found = withJobs(new Map(), [job(7, "acme.com", { state: "succeeded", items: 1 })]);
    expect([states(found), tally(found).empty]).toEqual([["acme.com 7 running 0"], 0]);
    const told = withEvents(found, [event(7, "started"), event(7, "item", { item: { title: "A" } }), event(7, "finished", { state: "succeeded", items: 1 })]);
    expect(states(told)).toEqual(["acme.com 7 done 1"]);
    expect(states(withJobs(told, [job(7, "acme.com", { state: "succeeded", items: 1 })]))).toEqual(["acme.com 7 done 1"]);
  });
});
