// From an encoded picture to something that a canvas can draw, off the main thread.
import type { Picture } from "@/net/picture";

export function decodeBitmap(picture: Picture): Promise<ImageBitmap> {
  return createImageBitmap(new Blob([picture.image], { type: picture.mime }));
}
