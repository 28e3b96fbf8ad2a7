// Where something that moves was, is, and may be in the picture: scrolling runs ahead of the page's own scripts.

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** A picture may be older than what the page knows now by this much. */
export const TRAIL_MS = 250;
/** Frames by which the picture may be ahead of it. */
const AHEAD = 2;
/** px: rounding, not movement. */
const STILL = 1;

export class Trail {
  private boxes: { readonly at: number; readonly box: Box }[] = [];
  private speed = { x: 0, y: 0 };

  /** Note where it is at a frame; null: it is not to be seen. True when it has moved since the frame before. */
  note(box: Box | null, now: number): boolean {
    const before = this.boxes.at(-1)?.box;
    this.boxes = this.boxes.filter((one) => now - one.at <= TRAIL_MS);
    if (box === null) {
      this.speed = { x: 0, y: 0 };
      return before !== undefined && this.boxes.length > 0;
    }
    this.speed = before === undefined ? { x: 0, y: 0 } : { x: box.left - before.left, y: box.top - before.top };
    this.boxes.push({ at: now, box });
    return before !== undefined && SIDES.some((side) => Math.abs(box[side] - before[side]) > STILL);
  }

  /** All that has to be covered; null when nothing has. */
  cover(): Box | null {
    const last = this.boxes.at(-1)?.box;
    if (last === undefined) return null;
    const [dx, dy] = [this.speed.x * AHEAD, this.speed.y * AHEAD];
    const ahead: Box = { left: last.left + dx, top: last.top + dy, right: last.right + dx, bottom: last.bottom + dy };
    return this.boxes.reduce((sum, { box }) => around(sum, box), around(last, ahead));
  }
}

const SIDES = ["left", "top", "right", "bottom"] as const;

/** The smallest box that holds both. */
export function around(a: Box, b: Box): Box {
  return { left: Math.min(a.left, b.left), top: Math.min(a.top, b.top), right: Math.max(a.right, b.right), bottom: Math.max(a.bottom, b.bottom) };
}
