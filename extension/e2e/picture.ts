// What is to be seen in a picture that the server has received.
import { expect, type Page } from "@playwright/test";
import type { Viewer } from "./eyes";

/** px from the left and from the top. */
export type Point = readonly [number, number];

export interface Seen {
  readonly width: number;
  readonly height: number;
  /** Red, green, blue of each point that was asked for. */
  readonly colours: readonly (readonly number[])[];
}

/** Decode it in a page, and read some of its pixels. */
export async function look(page: Page, picture: Buffer, points: readonly Point[] = []): Promise<Seen> {
  return page.evaluate(
    async ([base64, wanted]) => {
      const bytes = Uint8Array.from(atob(base64), (one) => one.charCodeAt(0));
      const bitmap = await createImageBitmap(new Blob([bytes]));
      const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
      const context = canvas.getContext("2d")!;
      context.drawImage(bitmap, 0, 0);
      const colours = wanted.map(([x, y]) => [...context.getImageData(x, y, 1, 1).data].slice(0, 3));
      return { width: bitmap.width, height: bitmap.height, colours };
    },
    [picture.toString("base64"), points] as const,
  );
}

/** Much red and little of anything else, also after JPEG. */
export const isRed = ([red, green, blue]: readonly number[]): boolean => red! > 180 && green! < 80 && blue! < 80;
/** As what is painted over. */
export const isDark = (colour: readonly number[]): boolean => colour.every((one) => one < 90);
export const isBlue = ([red, green, blue]: readonly number[]): boolean => blue! > 180 && red! < 80 && green! < 80;

/** Look at each picture that comes until one is as it should be at these points. No secret, all of which are red, is to be seen in any of them. */
export async function until(page: Page, viewer: Viewer, secrets: readonly Point[], points: readonly Point[], good: (colours: readonly (readonly number[])[]) => boolean): Promise<void> {
  for (let count = Math.max(0, viewer.pictures.length - 1); ; count += 1) {
    const { colours } = await look(page, await viewer.picture(count), [...secrets, ...points]);
    expect(colours.slice(0, secrets.length).filter(isRed)).toEqual([]);
    if (good(colours.slice(secrets.length))) return;
  }
}
