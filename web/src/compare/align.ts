// Where two pictures of different sizes stand so that the same place of both is at the same place of the screen. Pure.

export interface Size {
  readonly width: number;
  readonly height: number;
}
export interface Rect extends Size {
  readonly x: number;
  readonly y: number;
}

/** What is on the screen: how many CSS pixels a pixel of the larger picture takes, and where its upper left corner is. */
export interface View {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

/** How many screens wide the larger picture may get, and how large a pixel. */
export const MOST_SCALE = 16;
/** Shapes that differ by less are the same, rounded when one was scaled: filled without a rim. */
const SAME_SHAPE = 0.02;

export const area = ({ width, height }: Size): number => width * height;

export interface Aligned {
  /** The size of the larger one: what both are shown in. */
  readonly box: Size;
  /** Of each within the box, px of the box. */
  readonly left: Rect;
  readonly right: Rect;
  /** How many times the smaller one is enlarged; 1: both have the size of the box. */
  readonly enlarged: { readonly left: number; readonly right: number };
  /** Their shapes differ: the smaller one is fitted inside with a rim, not stretched. */
  readonly isFitted: boolean;
}

/** Both in the box of the larger one. */
export function aligned(left: Size, right: Size): Aligned {
  const box = area(left) >= area(right) ? left : right;
  const place = (one: Size): Rect & { times: number } => {
    const [across, down] = [box.width / one.width, box.height / one.height];
    if (Math.abs(across / down - 1) <= SAME_SHAPE) return { x: 0, y: 0, ...box, times: Math.max(across, down) };
    const times = Math.min(across, down);
    const [width, height] = [one.width * times, one.height * times];
    return { x: (box.width - width) / 2, y: (box.height - height) / 2, width, height, times };
  };
  const { times: timesLeft, ...placeLeft } = place(left);
  const { times: timesRight, ...placeRight } = place(right);
  const isFitted = [placeLeft, placeRight].some(({ width, height }) => width !== box.width || height !== box.height);
  return { box: { width: box.width, height: box.height }, left: placeLeft, right: placeRight, enlarged: { left: timesLeft, right: timesRight }, isFitted };
}

/** All of the box, as large as there is room, in the middle. */
export function fit(box: Size, stage: Size): View {
  const scale = Math.min(stage.width / box.width, stage.height / box.height);
  return { scale, x: (stage.width - box.width * scale) / 2, y: (stage.height - box.height * scale) / 2 };
}

/** The view as near to the wanted one as makes sense: not past its edges, and in the middle where there is room. */
export function held({ scale, x, y }: View, box: Size, stage: Size): View {
  const along = (at: number, length: number, room: number): number => (length <= room ? (room - length) / 2 : Math.min(0, Math.max(room - length, at)));
  return { scale, x: along(x, box.width * scale, stage.width), y: along(y, box.height * scale, stage.height) };
}

/** Another scale with the place under the hand where it is. `at`: px of the stage. */
export function zoomed(view: View, to: number, at: { readonly x: number; readonly y: number }, box: Size, stage: Size): View {
  const least = Math.min(fit(box, stage).scale, 1);
  const scale = Math.min(MOST_SCALE, Math.max(least, to));
  const ratio = scale / view.scale;
  return held({ scale, x: at.x - (at.x - view.x) * ratio, y: at.y - (at.y - view.y) * ratio }, box, stage);
}

export const moved = (view: View, dx: number, dy: number, box: Size, stage: Size): View => held({ ...view, x: view.x + dx, y: view.y + dy }, box, stage);

/** Whether there is more of the picture than is seen. */
export const isLarger = ({ scale }: View, box: Size, stage: Size): boolean => box.width * scale > stage.width + 0.5 || box.height * scale > stage.height + 0.5;

/** Where a place of the box is on the stage. */
export const shown = ({ scale, x, y }: View, rect: Rect): Rect => ({ x: x + rect.x * scale, y: y + rect.y * scale, width: rect.width * scale, height: rect.height * scale });

/** From where to where the divider goes, px of the stage: the part of the picture that is seen. */
export function track(view: View, box: Size, stage: Size): { readonly from: number; readonly to: number } {
  const from = Math.max(0, view.x);
  return { from, to: Math.max(from, Math.min(stage.width, view.x + box.width * view.scale)) };
}

/** "1.5 ×", "12 ×" */
export const times = (ratio: number): string => `${ratio >= 9.95 ? Math.round(ratio).toLocaleString("en") : ratio.toFixed(1).replace(/\.0$/, "")} ×`;
