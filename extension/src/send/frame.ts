// A picture as one binary message of the producer socket: a 32-byte header, then the image. See docs/reference/protocols.md.
import { HEADER_SIZE } from "@web/net/picture";
import type { Shot } from "../capture/picture";

const CODES = { "image/jpeg": 1, "image/png": 2, "image/webp": 3 } as const;

/** `at`: when it was captured, ms since the Unix epoch in the server's clock. */
export function frameOf(shot: Shot, epoch: number, seq: number, at: number): Uint8Array<ArrayBuffer> {
  const message = new Uint8Array(HEADER_SIZE + shot.bytes.length);
  const view = new DataView(message.buffer);
  view.setUint8(0, 1);
  view.setUint8(1, CODES[shot.mime]);
  view.setUint16(2, 1);
  view.setUint32(4, 0);
  view.setUint32(8, epoch);
  view.setUint32(12, seq);
  view.setBigUint64(16, BigInt(Math.max(0, Math.round(at * 1000))));
  view.setUint32(24, shot.width);
  view.setUint32(28, shot.height);
  message.set(shot.bytes, HEADER_SIZE);
  return message;
}
