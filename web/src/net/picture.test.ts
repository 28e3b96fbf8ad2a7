// Byte vectors of the picture header, as the server packs them.
import { describe, expect, it } from "vitest";
import { BadPicture, compareOrder, parsePicture } from "./picture";

function bytes(hex: string): ArrayBuffer {
  const pairs = hex.replace(/\s+/g, "").match(/../g) ?? [];
  return Uint8Array.from(pairs, (pair) => parseInt(pair, 16)).buffer;
}

// struct.pack("!BBHIIIQII", 1, 1, 1, 7, 217000000, 42, 1795251660998458, 1280, 720) + b"\xff\xd8\xff"
const JPEG = "01 01 0001 00000007 0cef2840 0000002a 000660c5f38f5ffa 00000500 000002d0 ffd8ff";

describe("a picture message", () => {
  it("gives back every field of the header", () => {
    const picture = parsePicture(bytes(JPEG), 5);
    expect(picture).toMatchObject({
      mime: "image/jpeg",
      isKey: true,
      channel: 7,
      epoch: 0x0cef2840,
      seq: 42,
      receivedAt: 5,
      width: 1280,
      height: 720,
    });
    expect(picture.capturedAt).toBe(Number(0x000660c5f38f5ffan) / 1000);
    expect([...picture.image]).toEqual([0xff, 0xd8, 0xff]);
  });

  it("knows PNG and WebP, and the largest numbers that fit", () => {
    const png = parsePicture(bytes(JPEG.replace("01 01 0001", "01 02 0000")));
    expect(png).toMatchObject({ mime: "image/png", isKey: false });
    const webp = parsePicture(bytes("01 03 0001 ffffffff ffffffff ffffffff 000660c5f38f5ffa ffffffff ffffffff 00"));
    expect(webp).toMatchObject({ mime: "image/webp", channel: 2 ** 32 - 1, epoch: 2 ** 32 - 1, seq: 2 ** 32 - 1 });
  });

  it("is refused when it is cut off anywhere, or has no image", () => {
    const whole = bytes(JPEG);
    for (let size = 0; size <= 32; size += 1) expect(() => parsePicture(whole.slice(0, size))).toThrow(BadPicture);
  });

  it("is refused with a sentence when version or encoding are unknown", () => {
    expect(() => parsePicture(bytes(JPEG.replace("01 01", "02 01")))).toThrow("version 2 is unknown");
    expect(() => parsePicture(bytes(JPEG.replace("01 01", "01 09")))).toThrow("encoding 9 is unknown");
  });

  it("raises one error whatever the bytes are", () => {
    let seed = 7;
    const random = (): number => (seed = (seed * 48271) % 2147483647);
    for (let round = 0; round < 500; round += 1) {
      const noise = Uint8Array.from({ length: random() % 80 }, () => random() % 256);
      try {
        parsePicture(noise.buffer);
      } catch (error) {
        expect(error).toBeInstanceOf(BadPicture);
      }
    }
  });
});

describe("the order of pictures", () => {
  it("goes by epoch first, then by seq", () => {
    expect(compareOrder({ epoch: 2, seq: 1 }, { epoch: 1, seq: 99 })).toBe(1);
    expect(compareOrder({ epoch: 1, seq: 1 }, { epoch: 1, seq: 2 })).toBe(-1);
    expect(compareOrder({ epoch: 1, seq: 2 }, { epoch: 1, seq: 2 })).toBe(0);
  });
});
