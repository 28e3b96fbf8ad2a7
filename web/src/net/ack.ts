// "The picture was painted" as 20 bytes: sent for every picture, so not JSON.
import type { Order } from "./picture";

export const ACK_SIZE = 20;

/** version 1, kind 1, two zero bytes, then big-endian: channel, epoch, seq (u32 each) and the age in ms (f32, NaN: not painted). */
export function encodeAck(channel: number, { epoch, seq }: Order, age: number | null): ArrayBuffer {
  const view = new DataView(new ArrayBuffer(ACK_SIZE));
  view.setUint8(0, 1);
  view.setUint8(1, 1);
  view.setUint32(4, channel);
  view.setUint32(8, epoch);
  view.setUint32(12, seq);
  view.setFloat32(16, age ?? NaN);
  return view.buffer;
}
