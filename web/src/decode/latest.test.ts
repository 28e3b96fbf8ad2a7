// Which pictures are decoded and shown, when decoding takes a while.
import { expect, it } from "vitest";
import { LatestDecoder } from "./latest";

interface Shot {
  readonly epoch: number;
  readonly seq: number;
}
const shot = (seq: number, epoch = 1): Shot => ({ epoch, seq });

function decoder() {
  const jobs: { picture: Shot; finish: () => void; fail: () => void }[] = [];
  const shown: number[] = [];
  const done: number[] = [];
  let open = 0;
  const latest = new LatestDecoder<Shot, { close(): void }>({
    decode: (picture) =>
      new Promise((resolve, reject) => {
        const decoded = { close: () => (open -= 1) };
        const finish = (): void => {
          open += 1;
          resolve(decoded);
        };
        jobs.push({ picture, finish, fail: () => reject(new Error("broken")) });
      }),
    show: (_, picture) => shown.push(picture.seq),
    done: (picture) => done.push(picture.seq),
  });
  const next = async (how: "finish" | "fail" = "finish"): Promise<void> => {
    jobs.shift()?.[how]();
    await new Promise((resolve) => setTimeout(resolve));
  };
  return { latest, jobs, shown, done, next, openCount: () => open };
}

it("keeps only the newest waiting picture while one is decoded, and one ack covers what it dropped", async () => {
  const { latest, jobs, shown, done, next } = decoder();
  for (const seq of [1, 2, 3, 4]) latest.put(shot(seq));
  expect(jobs.map(({ picture }) => picture.seq)).toEqual([1]);
  await next();
  await next();
  expect(shown).toEqual([1, 4]);
  expect(done).toEqual([1, 4]);
  expect(latest.dropped).toBe(2);
});

it("never shows an older picture after a newer one", async () => {
  const { latest, shown, done, next } = decoder();
  latest.put(shot(5));
  await next();
  latest.put(shot(4));
  latest.put(shot(5));
  latest.put(shot(9, 0));
  await next();
  expect(shown).toEqual([5]);
  expect(done).toEqual([5, 4, 5, 9]);
});

it("takes a lower number of a newer epoch as newer", async () => {
  const { latest, shown, next } = decoder();
  latest.put(shot(500, 1));
  await next();
  latest.put(shot(1, 2));
  await next();
  expect(shown).toEqual([500, 1]);
});

it("goes on after a picture that cannot be decoded, and lets the server send the next", async () => {
  const { latest, shown, done, next } = decoder();
  latest.put(shot(1));
  await next("fail");
  latest.put(shot(2));
  await next();
  expect(shown).toEqual([2]);
  expect(done).toEqual([1, 2]);
  expect(latest.dropped).toBe(1);
});

it("shows nothing once closed, and still frees and acknowledges what was under way", async () => {
  const { latest, shown, done, next, openCount } = decoder();
  latest.put(shot(1));
  latest.put(shot(2));
  latest.close();
  await next();
  expect(shown).toEqual([]);
  expect(done).toEqual([2, 1]);
  expect(openCount()).toBe(0);
});

it("shows the newest picture again for somebody who has just come", async () => {
  const { latest, shown, next } = decoder();
  latest.put(shot(3));
  await next();
  latest.again(shot(3));
  await next();
  expect(shown).toEqual([3, 3]);
});
