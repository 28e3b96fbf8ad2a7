// Whether everything of a page that has to be painted over is, told from the answers of its frames.
import type { Covered } from "../page/page";

/**
 * Whether frames of other origins have to be covered from outside, as a whole: one of them has not answered, may not have been asked,
 * or has not painted its own covers yet. Which one it is cannot be told.
 */
export function needsWhole(answers: readonly Covered[]): boolean {
  const closed = answers.reduce((sum, one) => sum + one.closed, 0);
  const heard = answers.filter((one) => one.apart).length;
  return closed !== heard || answers.some((one) => one.opaque || (!one.painted && one.outside));
}

/** Why nothing may be captured; null when it may. `whole`: frames of other origins are covered from outside. */
export function wrongIn(answers: readonly Covered[], whole: boolean): string | null {
  const bare = answers.find((one) => !one.painted && !(whole && one.outside && one.wrong === null));
  return bare === undefined ? null : (bare.wrong ?? "This page draws nothing now");
}
