// From an encoded picture to something that a canvas can draw, off the main thread.
import type { Picture } from "@/net/picture";

/** Throws when the bytes are no picture. Whoever asked closes the bitmap. */
export function decodeBitmap(picture: Picture): Promise<ImageBitmap> {
  // Making a Blob asks another process and waits: at 30 panes that was two thirds of all script of the page. Not in every browser, and
  // only in a secure context (HTTPS or loopback).
  return "ImageDecoder" in globalThis ? withDecoder(picture) : createImageBitmap(new Blob([picture.image], { type: picture.mime }));
}

async function withDecoder({ image: data, mime: type }: Picture): Promise<ImageBitmap> {
  const decoder = new ImageDecoder({ data, type });
  try {
    const { image } = await decoder.decode();
    try {
      return await createImageBitmap(image);
    } finally {
      image.close();
    }
  } finally {
    decoder.close();
  }
}
