import { describe, expect, it } from "vitest";
import { EMPTY, eventFrom, grown, type EventKind, type JobEvent, MOST_ITEMS } from "./journal";

const clock = (at: number): string => `${at} o'clock`;
const event = (id: number, kind: EventKind, data: Record<string, unknown> = {}): JobEvent => ({ id, job: 1, at: id * 1000, kind, data });

describe("the journal of a job", () => {
  const told = [
    event(1, "queued"), event(2, "started", { attempt: 1 }), event(3, "action", { label: "Reading page 1", selector: "h2" }), event(4, "item", { number: 1, item: { title: "A" } }),
    event(5, "retrying", { code: "timeout", message: "30 s", run_after: 9 }), event(6, "started", { attempt: 2 }), event(7, "progress", { progress: 0.5 }),
    event(8, "warning", { message: "one page was empty" }), event(9, "item", { number: 1, item: { title: "B" } }), event(10, "finished", { state: "succeeded", items: 1 }),
  ];

  it("is the same however it is told, and however often", () => {
    const whole = grown(EMPTY, told, clock);
    let bit = EMPTY;
    for (const one of told) bit = grown(grown(bit, [one], clock), [one], clock);
    expect(bit).toEqual(whole);
    expect(grown(whole, told, clock)).toBe(whole);
  });

  it("has the results of the last attempt only", () => {
    const { items, attempt, actions, warnings } = grown(EMPTY, told, clock);
    expect({ items, attempt, warnings }).toEqual({ items: [{ title: "B" }], attempt: 2, warnings: 1 });
    expect(actions).toEqual([{ label: "Reading page 1", at: 3000, selector: "h2", box: null }]);
  });

  it("says each line in words", () => {
    expect(grown(EMPTY, told, clock).log.map(({ text, detail }) => [text, detail])).toEqual([
      ["Queued", ""], ["Attempt 1 started", ""], ["Reading page 1", "h2"], ["Failed, and will be tried again at 9 o'clock", "timeout: 30 s"],
      ["Attempt 2 started", ""], ["one page was empty", ""], ["Succeeded with 1 result", ""],
    ]);
    const failed = grown(EMPTY, [event(1, "finished", { state: "failed", error: { code: "dns", message: "no such name" } })], clock).log;
    expect(failed[0]).toMatchObject({ tone: "bad", text: "Failed", detail: "dns: no such name" });
  });

  it("keeps as many results as somebody looks at, and counts the others", () => {
    const many = Array.from({ length: MOST_ITEMS + 3 }, (_, index) => event(index + 1, "item", { item: { index } }));
    expect(grown(EMPTY, many, clock)).toMatchObject({ left: 3, items: { length: MOST_ITEMS } });
  });
});

it("what is no line of a journal is passed over", () => {
  expect(eventFrom({ id: "1", event: "x", data: "{" })).toBeNull();
  expect(eventFrom({ id: "1", event: "x", data: '{"kind":"explosion"}' })).toBeNull();
  expect(eventFrom({ id: "1", event: "item", data: '{"id":1,"job":1,"at":0,"kind":"item","data":{}}' })).toMatchObject({ kind: "item" });
});
