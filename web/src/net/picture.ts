// A picture as one binary message: a 32-byte header, then the encoded image.

/** What one binary message says. Times are ms since the Unix epoch in the server's clock. */
export interface Picture {
  readonly mime: string;
  readonly isKey: boolean;
  readonly channel: number;
  readonly epoch: number;
  readonly seq: number;
  readonly capturedAt: number;
  /** When the message had arrived here. */
  readonly receivedAt: number;
  readonly width: number;
  readonly height: number;
  readonly image: Uint8Array<ArrayBuffer>;
}

/** What decides whether a picture is newer than another of the same stream. */
export type Order = Pick<Picture, "epoch" | "seq">;

export class BadPicture extends Error {
  override readonly name = "BadPicture";
}

export const HEADER_SIZE = 32;
const VERSION = 1;
const FLAG_KEY = 1;
const MIMES: Readonly<Record<number, string>> = { 1: "image/jpeg", 2: "image/png", 3: "image/webp" };

/** Read a message. Throws BadPicture whatever the bytes are; the image itself is not looked at, nor copied. */
export function parsePicture(message: ArrayBuffer, receivedAt = 0): Picture {
  if (message.byteLength <= HEADER_SIZE) {
    throw new BadPicture(
      `a picture message is a ${HEADER_SIZE}-byte header and an image; this one has ${message.byteLength} bytes in all`,
    );
  }
  const view = new DataView(message);
  const version = view.getUint8(0);
  if (version !== VERSION) throw new BadPicture(`picture header version ${version} is unknown; known: ${VERSION}`);
  const code = view.getUint8(1);
  const mime = MIMES[code];
  if (mime === undefined) throw new BadPicture(`picture encoding ${code} is unknown; known: 1 JPEG, 2 PNG, 3 WebP`);
  return {
    mime,
    isKey: (view.getUint16(2) & FLAG_KEY) !== 0,
    channel: view.getUint32(4),
    epoch: view.getUint32(8),
    seq: view.getUint32(12),
    // µs fit a double until the year 2255, so nothing is lost here.
    capturedAt: Number(view.getBigUint64(16)) / 1000,
    receivedAt,
    width: view.getUint32(24),
    height: view.getUint32(28),
    image: new Uint8Array(message, HEADER_SIZE),
  };
}

/** -1, 0 or 1: whether `a` is older than, the same as, or newer than `b`. */
export function compareOrder(a: Order, b: Order): -1 | 0 | 1 {
  if (a.epoch !== b.epoch) return a.epoch < b.epoch ? -1 : 1;
  if (a.seq !== b.seq) return a.seq < b.seq ? -1 : 1;
  return 0;
}
