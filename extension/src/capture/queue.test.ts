import { describe, expect, test } from "vitest";
import { CaptureQueue, GAP_MS, type Timing, TOO_OFTEN_MS } from "./queue";

/** A clock that a test moves. */
class Hands implements Timing {
  private at = 0;
  private calls: { at: number; call: () => void }[] = [];

  now(): number {
    return this.at;
  }

  after(ms: number, call: () => void): void {
    this.calls.push({ at: this.at + ms, call });
  }

  /** Go on until nothing is left to happen, or until `end`. */
  async run(end = Infinity): Promise<void> {
    for (;;) {
      for (let i = 0; i < 20; i += 1) await Promise.resolve();
      const next = this.calls.sort((a, b) => a.at - b.at)[0];
      if (next === undefined || next.at > end) return;
      this.calls.shift();
      this.at = next.at;
      next.call();
    }
  }
}

function queueWith(): { queue: CaptureQueue; hands: Hands; taken: [name: string, at: number][]; work: (name: string) => (mark: () => void) => Promise<"done"> } {
  const hands = new Hands();
  const taken: [string, number][] = [];
  const work = (name: string) => (mark: () => void) => {
    mark();
    taken.push([name, hands.now()]);
    return Promise.resolve("done" as const);
  };
  return { queue: new CaptureQueue(hands), hands, taken, work };
}

describe("the capture queue", () => {
  test("the first capture is taken at once, and no two are nearer than Chrome allows", async () => {
    const { queue, hands, taken, work } = queueWith();
    const all = [1, 2, 3, 4, 5].map((tab) => queue.ask(tab, work(`tab ${tab}`)));
    await hands.run();
    expect(await Promise.all(all)).toEqual([true, true, true, true, true]);
    expect(taken).toEqual([0, 1, 2, 3, 4].map((i) => [`tab ${i + 1}`, i * GAP_MS]));
    expect(1000 / GAP_MS).toBeLessThan(2);
  });

  test("the newest request of a tab takes the place of the one before it", async () => {
    const { queue, hands, taken, work } = queueWith();
    void queue.ask(1, work("first"));
    const old = queue.ask(2, work("old"));
    const other = queue.ask(3, work("other"));
    const young = queue.ask(2, work("young"));
    expect(queue.length).toBe(2);
    await hands.run();
    expect(await Promise.all([old, other, young])).toEqual([false, true, true]);
    expect(taken.map(([name]) => name)).toEqual(["first", "young", "other"]);
  });

  test("a tab that asks all the time does not starve another", async () => {
    const { queue, hands, taken, work } = queueWith();
    const greedy = async (): Promise<void> => {
      while (taken.length < 8) await queue.ask(1, work("greedy"));
    };
    void greedy();
    void queue.ask(2, work("patient"));
    await hands.run(20 * GAP_MS);
    expect(taken.findIndex(([name]) => name === "patient")).toBe(1);
  });

  test("a capture that never came to Chrome costs the others no time", async () => {
    const { queue, hands, taken, work } = queueWith();
    void queue.ask(1, () => Promise.resolve("done")); // the page could not be covered
    void queue.ask(2, work("next"));
    await hands.run();
    expect(taken).toEqual([["next", 0]]);
  });

  test("what Chrome refuses for its rate is done again, later, unless a newer request has come", async () => {
    const { queue, hands, taken, work } = queueWith();
    let refused = false;
    const once = queue.ask(1, (mark) => {
      if (refused) return work("again")(mark);
      refused = true;
      mark();
      return Promise.resolve("tooOften");
    });
    await hands.run();
    expect(await once).toBe(true);
    expect(taken).toEqual([["again", TOO_OFTEN_MS]]);
  });

  test("a tab that is dropped is not captured", async () => {
    const { queue, hands, taken, work } = queueWith();
    void queue.ask(1, work("first"));
    const closed = queue.ask(2, work("closed"));
    queue.drop(2);
    await hands.run();
    expect(await closed).toBe(false);
    expect(taken).toEqual([["first", 0]]);
  });
});
