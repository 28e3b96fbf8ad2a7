// What a pane asks for, from the size at which it is shown: a few fixed sizes, so that panes share renditions.

/** Widths in px. Each one that somebody watches is an encode of its own. */
export const LADDER = [320, 480, 640, 960, 1280, 1600, 1920, 2560, 3840] as const;

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** What may be asked for instead: the source's own size, as it is shown here, or no more than a usual screen. */
export const RESOLUTIONS = ["source", "window", "1080p", "720p", "480p"] as const;
export type Resolution = (typeof RESOLUTIONS)[number];
const SCREENS = { "1080p": { width: 1920, height: 1080 }, "720p": { width: 1280, height: 720 }, "480p": { width: 854, height: 480 } } as const;

export const FORMATS = ["jpeg", "png", "webp"] as const;
export type Format = (typeof FORMATS)[number];

/** The box to ask for; `window` is the step that fits the pane. Null sides: the source's own size. */
export function boxOf(resolution: Resolution, window: number): { readonly width: number | null; readonly height: number | null } {
  if (resolution === "source") return { width: null, height: null };
  return resolution === "window" ? { width: window, height: null } : SCREENS[resolution];
}

/** The smallest step that is not blurred when shown at this width in device pixels. */
export function rung(devicePixels: number): number {
  return LADDER.find((step) => step >= devicePixels - 1) ?? LADDER[LADDER.length - 1]!;
}

/** How wide a picture of these proportions is when it is fitted into a box. */
export function fittedWidth(box: Size, picture: Size | null): number {
  if (picture === null || picture.height === 0) return box.width;
  return Math.min(box.width, (box.height * picture.width) / picture.height);
}

/** Pictures a second at the most, unless the page says otherwise: a thumbnail needs fewer than a stage. */
export function defaultFps(step: number): number {
  if (step <= 320) return 5;
  if (step <= 640) return 10;
  return 15;
}
