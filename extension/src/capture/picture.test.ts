import { expect, test } from "vitest";
import { bytesOf, dataUrlOf, digestOf, type Shot, sizeOf } from "./picture";

/** The head of a JPEG: an APP0 segment, then a frame header that says 1280 × 720. */
const HEAD = [0xff, 0xd8, 0xff, 0xe0, 0, 4, 0, 0, 0xff, 0xff, 0xc2, 0, 17, 8, 0x02, 0xd0, 0x05, 0x00, 3];

test("the size of a JPEG is read from its frame header, past other segments and fill bytes", () => {
  expect(sizeOf(new Uint8Array(HEAD))).toEqual({ width: 1280, height: 720 });
});

test("bytes without a frame header have no size, whatever they are", () => {
  expect(sizeOf(new Uint8Array())).toBeNull();
  expect(sizeOf(new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 0, 0, 0, 0, 0]))).toBeNull();
  for (let length = 0; length < HEAD.length - 1; length += 1) expect(sizeOf(new Uint8Array(HEAD.slice(0, length)))).toBeNull();
  for (let seed = 0; seed < 500; seed += 1) {
    const bytes = Uint8Array.from({ length: 64 }, (_, i) => (i < 2 ? [0xff, 0xd8][i]! : (seed * 31 + i * 17 * (seed % 7)) % 256));
    expect(() => sizeOf(bytes)).not.toThrow();
  }
});

test("a picture goes out as the data URL that it came as, however large", () => {
  const bytes = Uint8Array.from({ length: 100_001 }, (_, i) => (i * 7) % 256);
  const shot: Shot = { mime: "image/jpeg", bytes, width: 1, height: 1, at: 0, masked: false };
  const url = dataUrlOf(shot);
  expect(url.startsWith("data:image/jpeg;base64,")).toBe(true);
  expect(bytesOf(url)).toEqual(bytes);
});

test("what is no JPEG is refused", () => {
  expect(() => bytesOf("data:image/png;base64,AAAA")).toThrow("no JPEG");
  expect(() => bytesOf("")).toThrow("no JPEG");
});

test("a digest tells pictures apart and knows the same one again", async () => {
  const [one, same, other] = [new Uint8Array([1, 2, 3]), new Uint8Array([1, 2, 3]), new Uint8Array([1, 2, 4])];
  expect(await digestOf(one)).toBe(await digestOf(same));
  expect(await digestOf(one)).not.toBe(await digestOf(other));
});
