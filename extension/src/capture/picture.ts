// What a data URL of a picture holds, and whether it is the picture that was sent last.

export interface Shot {
  readonly mime: "image/jpeg" | "image/png" | "image/webp";
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** px of the image. */
  readonly width: number;
  readonly height: number;
  /** ms since the Unix epoch, in the clock of this machine. */
  readonly at: number;
  /** Something was painted over. */
  readonly masked: boolean;
}

/** The bytes of `data:image/jpeg;base64,…`. Throws when it is none. */
export function bytesOf(dataUrl: string): Uint8Array<ArrayBuffer> {
  const comma = dataUrl.indexOf(",");
  if (!dataUrl.startsWith("data:image/jpeg;base64,")) throw new Error(`Chrome gave no JPEG but ${dataUrl.slice(0, 40)}`);
  const { fromBase64 } = Uint8Array as { fromBase64?: (text: string) => Uint8Array<ArrayBuffer> };
  if (fromBase64 !== undefined) return fromBase64.call(Uint8Array, dataUrl.slice(comma + 1)); // Chrome 140
  const text = atob(dataUrl.slice(comma + 1));
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i += 1) bytes[i] = text.charCodeAt(i);
  return bytes;
}

/** Width and height as the frame header of a JPEG says them; null when there is none. */
export function sizeOf(jpeg: Uint8Array): { width: number; height: number } | null {
  const view = new DataView(jpeg.buffer, jpeg.byteOffset, jpeg.byteLength);
  let at = 2;
  if (jpeg.length < 4 || view.getUint16(0) !== 0xffd8) return null;
  while (at + 9 <= jpeg.length) {
    if (view.getUint8(at) !== 0xff) return null;
    const marker = view.getUint8(at + 1);
    if (marker === 0xff) {
      at += 1; // fill bytes
      continue;
    }
    const frame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
    if (frame) return { height: view.getUint16(at + 5), width: view.getUint16(at + 7) };
    const bare = (marker >= 0xd0 && marker <= 0xd8) || marker === 0x01;
    at += bare ? 2 : 2 + view.getUint16(at + 2);
  }
  return null;
}

/** Chrome makes the same bytes of the same pixels, so a digest tells whether the page has changed at all. */
export async function digestOf(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest.subarray(0, 16), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

const CHUNK = 0x8000;

/** As §3 of the wire wants it. */
export function dataUrlOf(shot: Shot): string {
  let text = "";
  for (let at = 0; at < shot.bytes.length; at += CHUNK) text += String.fromCharCode(...shot.bytes.subarray(at, at + CHUNK));
  return `data:${shot.mime};base64,${btoa(text)}`;
}
