// Works out how alike two pictures are, beside the page: decoding, scaling and comparing take longer than a picture of the screen may.
import { luminance, type Luminance, similarity, smallSize } from "./similarity";

export interface Asked {
  readonly id: number;
  readonly left: { readonly blob: Blob; readonly width: number; readonly height: number };
  readonly right: { readonly blob: Blob; readonly width: number; readonly height: number };
}
/** `share`: 0 to 1; null: this browser could not. */
export interface Answered {
  readonly id: number;
  readonly share: number | null;
}

async function small(blob: Blob, { width, height }: { readonly width: number; readonly height: number }): Promise<Luminance> {
  const bitmap = await createImageBitmap(blob, { resizeWidth: width, resizeHeight: height, resizeQuality: "high" });
  const context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
  if (context === null) throw new Error("no canvas");
  context.drawImage(bitmap, 0, 0, width, height);
  bitmap.close();
  return luminance(context.getImageData(0, 0, width, height).data, width, height);
}

addEventListener("message", ({ data: { id, left, right } }: MessageEvent<Asked>) => {
  const size = smallSize(left, right);
  const work = async (): Promise<number> => similarity(await small(left.blob, size), await small(right.blob, size));
  work().then(
    (share) => postMessage({ id, share } satisfies Answered),
    () => postMessage({ id, share: null } satisfies Answered),
  );
});
