// The size in which a picture goes out: never larger than viewers show it, never larger than it is.

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** `most`: null sides mean "as the source has it". The shape stays; no side falls below one pixel. */
export function scaled(size: Size, most: { readonly width: number | null; readonly height: number | null }): Size {
  const factor = Math.min(1, (most.width ?? Infinity) / size.width, (most.height ?? Infinity) / size.height);
  return { width: Math.max(1, Math.round(size.width * factor)), height: Math.max(1, Math.round(size.height * factor)) };
}
