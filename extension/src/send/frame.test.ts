import { HEADER_SIZE, parsePicture } from "@web/net/picture";
import { expect, test } from "vitest";
import type { Shot } from "../capture/picture";
import { frameOf } from "./frame";

const shot: Shot = { mime: "image/jpeg", bytes: new Uint8Array([0xff, 0xd8, 1, 2, 3]), width: 1280, height: 720, at: 0, masked: false };

test("a picture is read as it was written, by the same reader that viewers have", () => {
  const at = 1_790_000_000_123.25;
  const picture = parsePicture(frameOf(shot, 7, 42, at).buffer);
  expect(picture).toMatchObject({ mime: "image/jpeg", isKey: true, channel: 0, epoch: 7, seq: 42, capturedAt: at, width: 1280, height: 720 });
  expect(picture.image).toEqual(shot.bytes);
});

test("the header is 32 bytes, the version 1, and a clock before 1970 is 1970", () => {
  const frame = frameOf(shot, 1, 1, -5);
  expect(frame.length).toBe(HEADER_SIZE + shot.bytes.length);
  expect(frame[0]).toBe(1);
  expect(parsePicture(frame.buffer).capturedAt).toBe(0);
});
