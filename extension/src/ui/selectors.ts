// Whether what somebody wrote down are CSS selectors: one that is none would stop every capture later.
import { linesOf } from "../settings/settings";

/** The lines, or a sentence about the first that is no selector. */
export function selectorsOf(text: string, isSelector: (line: string) => boolean): string[] | string {
  const lines = linesOf(text);
  const wrong = lines.find((line) => !isSelector(line));
  return wrong === undefined ? lines : `“${wrong}” is no CSS selector. Write one as in a style sheet, such as .account or #balance.`;
}

/** Asks the browser itself. */
export function isSelector(line: string): boolean {
  try {
    document.createDocumentFragment().querySelector(line);
    return true;
  } catch {
    return false;
  }
}
