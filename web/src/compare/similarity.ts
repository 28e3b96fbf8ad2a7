// How alike two pictures are: structural similarity of their brightness (Wang, Bovik, Sheikh, Simoncelli 2004), both in the same small size. Pure.

/** Brightness of each pixel, 0 to 255, row by row. */
export interface Luminance {
  readonly width: number;
  readonly height: number;
  readonly values: Float32Array;
}

/** The longer side of the small size, px: structure is still there, the noise of compression hardly. */
export const SMALL = 256;
/** Windows of 8 × 8 px, one at each place. */
const WINDOW = 8;
/** Against division by almost nothing: (0.01 × 255)² and (0.03 × 255)², as the paper has them. */
const C1 = 6.5025;
const C2 = 58.5225;

/** RGBA as a canvas gives it; what is transparent lies on white, as on paper. Weights of ITU-R BT.601. */
export function luminance(rgba: Uint8ClampedArray, width: number, height: number): Luminance {
  const values = new Float32Array(width * height);
  for (let pixel = 0, at = 0; pixel < values.length; pixel += 1, at += 4) {
    const alpha = (rgba[at + 3] ?? 0) / 255;
    values[pixel] = (0.299 * (rgba[at] ?? 0) + 0.587 * (rgba[at + 1] ?? 0) + 0.114 * (rgba[at + 2] ?? 0)) * alpha + 255 * (1 - alpha);
  }
  return { width, height, values };
}

/** The size in which two pictures are compared: the shape of the larger one, `SMALL` px on its longer side, never larger than either. */
export function smallSize(one: { readonly width: number; readonly height: number }, other: { readonly width: number; readonly height: number }): { width: number; height: number } {
  const larger = one.width * one.height >= other.width * other.height ? one : other;
  const longest = Math.min(SMALL, Math.max(one.width, one.height), Math.max(other.width, other.height));
  const scale = longest / Math.max(larger.width, larger.height);
  const side = (length: number): number => Math.max(1, Math.round(length * scale));
  return { width: side(larger.width), height: side(larger.height) };
}

/** Sums of a, b, a², b² and ab over every rectangle from the upper left corner: five to a place, `(width + 1) × (height + 1)` places. */
function sums({ width, height, values: a }: Luminance, { values: b }: Luminance): Float64Array {
  const line = (width + 1) * 5;
  const all = new Float64Array(line * (height + 1));
  for (let y = 0, pixel = 0, at = line; y < height; y += 1) {
    let [sa, sb, saa, sbb, sab] = [0, 0, 0, 0, 0];
    at += 5;
    for (let x = 0; x < width; x += 1, pixel += 1, at += 5) {
      const [one, other] = [a[pixel]!, b[pixel]!];
      sa += one;
      sb += other;
      saa += one * one;
      sbb += other * other;
      sab += one * other;
      all[at] = all[at - line]! + sa;
      all[at + 1] = all[at + 1 - line]! + sb;
      all[at + 2] = all[at + 2 - line]! + saa;
      all[at + 3] = all[at + 3 - line]! + sbb;
      all[at + 4] = all[at + 4 - line]! + sab;
    }
  }
  return all;
}

/** 0 to 1: 1 is the same picture. Throws RangeError when the sizes differ. */
export function similarity(a: Luminance, b: Luminance): number {
  const { width, height } = a;
  if (b.width !== width || b.height !== height) throw new RangeError(`${width} × ${height} cannot be compared with ${b.width} × ${b.height}: scale one of them`);
  const across = Math.min(WINDOW, width);
  const down = Math.min(WINDOW, height);
  const all = sums(a, b);
  const mean = (upper: number, lower: number, which: number): number => (all[lower + across * 5 + which]! - all[lower + which]! - all[upper + across * 5 + which]! + all[upper + which]!) / (across * down);
  let total = 0;
  let windows = 0;
  for (let y = 0; y + down <= height; y += 1) {
    for (let x = 0; x + across <= width; x += 1) {
      const upper = (y * (width + 1) + x) * 5;
      const lower = ((y + down) * (width + 1) + x) * 5;
      const meanA = mean(upper, lower, 0);
      const meanB = mean(upper, lower, 1);
      const varianceA = mean(upper, lower, 2) - meanA * meanA;
      const varianceB = mean(upper, lower, 3) - meanB * meanB;
      const together = mean(upper, lower, 4) - meanA * meanB;
      total += ((2 * meanA * meanB + C1) * (2 * together + C2)) / ((meanA * meanA + meanB * meanB + C1) * (varianceA + varianceB + C2));
      windows += 1;
    }
  }
  return Math.min(1, Math.max(0, total / windows));
}

/** "98.2 %", rounded down: only what is the same is 100 %. */
export function percent(share: number): string {
  if (share >= 1) return "100 %";
  const tenths = Math.floor(share * 1000) / 10;
  return `${tenths >= 90 ? tenths.toFixed(1) : Math.floor(tenths)} %`;
}

/** The figure as a person would say it. */
export function likeness(share: number): string {
  if (share >= 0.995) return "The same to the eye";
  if (share >= 0.95) return "Almost the same";
  if (share >= 0.85) return "Very similar";
  if (share >= 0.6) return "Similar, with clear differences";
  if (share >= 0.35) return "Little in common";
  return "Different pictures";
}
