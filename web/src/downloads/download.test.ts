// Words for files, what is on its way, and the list that grows while one looks.
import { expect, it } from "vitest";
import { gain, outcomes, summary, titleOf, typeName, whyFailed, whyWorse } from "./download";
import { newer, news, older, without } from "./listing";
import { ALL_DOWNLOADS, isNarrowed, lookFromQuery, queryFromLook } from "./look";
import { progress, share, together } from "./transfer";

it("says what a file is", () => {
  expect(summary({ media_type: "image/jpeg", width: 1600, height: 1067, bytes: 412_000 })).toBe("JPEG · 1600 × 1067 · 412 kB");
  expect(summary({ media_type: null, width: null, height: null, bytes: null })).toBe("");
  expect(["image/webp", "image/avif", "image/svg+xml", "video/mp4", "application/pdf", "application/x-something-new"].map(typeName)).toEqual(["WebP", "AVIF", "SVG", "MP4", "PDF", "Something new"]);
  expect(titleOf({ title: " ", name: "a.jpg" })).toBe("a.jpg");
});

it("says why a file did not come, and what a better version is better by", () => {
  expect(whyFailed("bad_file: it is a page, not a picture")).toEqual({ code: "bad_file", sentence: "It is a page, not a picture" });
  expect(whyFailed("no words of ours")).toEqual({ code: "", sentence: "No words of ours" });
  const missed = { url: "https://a.example/1.jpg", code: "not_found", message: "a.example answers 404" };
  expect(whyWorse({ better_failed: missed })).toBe("Not its best quality: a better one did not come. A.example answers 404");
  expect(whyWorse({ better_failed: null })).toBe("");
  expect(outcomes([{ outcome: "new", better_failed: missed }, { outcome: "same", better_failed: null }, { outcome: "new" }])).toBe("2 new · 1 there already · 1 not in their best quality");
  const size = (width: number | null, height: number | null, bytes: number) => ({ width, height, bytes });
  expect(gain(size(320, 200, 9), size(1600, 1000, 9))).toBe("25 × the pixels");
  expect(gain(size(320, 200, 1000), size(320, 200, 2500))).toBe("2.5 × the bytes");
  expect(gain(size(null, null, 1000), size(null, null, 1001))).toBe("");
});

it("says how far a file is, also when nobody knows how large it is", () => {
  const one = { name: "a.jpg", received: 1_200_000, total: 3_400_000, bytes_per_second: 820_000 };
  expect(progress(one)).toBe("1.2 MB of 3.4 MB · 820 kB/s · 3.0 s left");
  expect(share(one)).toBeCloseTo(0.353, 3);
  expect(progress({ ...one, total: null, bytes_per_second: 0 })).toBe("1.2 MB");
  expect(share({ ...one, total: null })).toBeNull();
  expect(share({ ...one, received: 9e9 })).toBe(1);
  expect(together([one, one])).toBe("2 files · 1.6 MB/s");
});

it("keeps what is asked for in the address", () => {
  const look = { kind: "video", collection: "shop.example-gallery", outcome: "failed", job: 12, text: "red" } as const;
  expect(lookFromQuery(queryFromLook(look) as Record<string, string>)).toEqual(look);
  expect(queryFromLook(ALL_DOWNLOADS)).toEqual({});
  expect(lookFromQuery({ kind: "smell", outcome: "new", job: "-1" })).toEqual(ALL_DOWNLOADS);
  expect([isNarrowed(ALL_DOWNLOADS), isNarrowed(look)]).toEqual([false, true]);
});

it("grows at both ends, nothing stands in it twice, and what was deleted leaves", () => {
  const of = (...ids: string[]) => ids.map((id) => ({ id, at: id.charCodeAt(0) }));
  const listing = { items: of("c", "b", "a"), next: "a" };
  expect(older(listing, { items: of("a", "A"), next: null })).toEqual({ items: of("c", "b", "a", "A"), next: null });
  // "a" has a better version: it is the newest. "c" is gone.
  const page = { items: [{ id: "a", at: 500 }, ...of("d", "b")], next: "b" };
  expect(newer(listing, page)).toEqual({ items: page.items, next: "a" });
  expect(news(listing, page)).toBe(2);
  // More has come than a page holds, or a page holds all.
  expect(newer(listing, { items: of("z", "y"), next: "y" })).toEqual({ items: of("z", "y"), next: "y" });
  expect(newer(listing, { items: of("b"), next: null })).toEqual({ items: of("b"), next: null });
  expect(without(listing, new Set(["c"]))).toEqual({ items: of("b", "a"), next: "a" });
});
