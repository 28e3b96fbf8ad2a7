// How this browser asks for large pictures. Null: automatic.
import { ref, watch } from "vue";
import { type Format, FORMATS, type Resolution, RESOLUTIONS } from "@/player/size";
import { browserMemory } from "./memory";

export interface PictureChoice {
  readonly fps: number | null;
  readonly quality: number | null;
  readonly resolution: Resolution | null;
  readonly format: Format | null;
}

export const FPS = [60, 30, 15, 10, 5, 2, 1] as const;
export const QUALITIES = [95, 85, 70, 50, 30] as const;
export const AUTOMATIC: PictureChoice = { fps: null, quality: null, resolution: null, format: null };
/** What automatic means for the large picture: as smooth as a screen share, in the size at which it is shown. */
export const LARGE_FPS = 30;

const KEY = "livepane.picture";

/** What was kept, as far as it makes sense. */
export function readChoice(text: string | null): PictureChoice {
  let kept: Partial<Record<keyof PictureChoice, unknown>>;
  try {
    kept = (JSON.parse(text ?? "{}") ?? {}) as typeof kept;
  } catch {
    return AUTOMATIC;
  }
  const oneOf = <T>(known: readonly T[], value: unknown): T | null => known.find((one) => one === value) ?? null;
  return {
    fps: oneOf(FPS, kept.fps),
    quality: oneOf(QUALITIES, kept.quality),
    resolution: oneOf(RESOLUTIONS, kept.resolution),
    format: oneOf(FORMATS, kept.format),
  };
}

export const picture = ref<PictureChoice>(readChoice(browserMemory.getItem(KEY)));
watch(picture, (now) => browserMemory.setItem(KEY, JSON.stringify(now)));
