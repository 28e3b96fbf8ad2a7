// What is to be said of two pictures beside the figure: which is larger, heavier, and what was done so that they fit. Pure.
import { aligned, area, type Size, times } from "./align";
import { otherSide, type Side, SIDES } from "./reference";

export interface Measured {
  readonly size: Size;
  readonly bytes: number;
}

export const SIDE_WORDS: Readonly<Record<Side, string>> = { left: "Left", right: "Right" };

/** A ratio that is worth a word; "" when both are about the same. */
const more = (a: number, b: number, what: string): string => (a < b * 1.02 ? "" : `${a >= b * 1.95 ? times(a / b) : `${Math.round((a / b - 1) * 100)} % more`} ${what}`);

/** "Right has 25 × the pixels and 6.2 × the bytes." */
export function difference(both: Readonly<Record<Side, Measured>>): string {
  const said = SIDES.flatMap((side) => {
    const [one, other] = [both[side], both[otherSide(side)]];
    const parts = [more(area(one.size), area(other.size), "the pixels"), more(one.bytes, other.bytes, "the bytes")].map((part) => part.replace("% more the ", "% more ")).filter((part) => part !== "");
    return parts.length === 0 ? [] : [`${SIDE_WORDS[side]} has ${parts.join(" and ")}.`];
  });
  return said.join(" ") || "Both have as many pixels and bytes.";
}

/** How the smaller one was made to fit; "": both have the same size. */
export function scaling(left: Size, right: Size): string {
  const { box, enlarged, isFitted } = aligned(left, right);
  const smaller = area(left) >= area(right) ? "right" : "left";
  if (left.width === right.width && left.height === right.height) return "";
  const ratio = enlarged[smaller];
  const how = Math.abs(ratio - 1) < 0.005 ? "shown" : `scaled ${times(ratio)}`;
  return `${SIDE_WORDS[smaller]} is ${how} to stand in the ${box.width} × ${box.height} of the other${isFitted ? "; their shapes differ, so it has a rim" : ""}.`;
}
