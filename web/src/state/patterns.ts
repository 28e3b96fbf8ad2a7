// Which streams a pattern names: the same rules as the server's, to show what a token would allow before it is made.

const KINDS = ["page", "tab", "desktop", "monitor", "window", "producer", "job", "replay"];
const CONTROL = /[\u0000-\u001f\u007f/\\]/;

/** What is wrong with a pattern, as a sentence; "" when it names streams. */
export function patternError(pattern: string): string {
  if (pattern === "*") return "";
  const at = pattern.indexOf(":");
  const kind = pattern.slice(0, Math.max(0, at));
  if (!KINDS.includes(kind) || at === pattern.length - 1) {
    return `“${pattern.slice(0, 80)}” does not name streams. Write an id such as page:k3f9, or a pattern such as page:*. Kinds: ${KINDS.join(", ")}.`;
  }
  if (pattern.length > 200) return "A pattern has at most 200 characters.";
  return CONTROL.test(pattern) ? "A pattern has no slashes and no control characters." : "";
}

/** Whether a stream is among those that a pattern names; `*` is any run of characters. */
export function matches(pattern: string, stream: string): boolean {
  const [first = "", ...rest] = pattern.split("*");
  const last = rest.pop();
  if (last === undefined) return pattern === stream;
  if (!stream.startsWith(first)) return false;
  let at = first.length;
  for (const part of rest) {
    const found = stream.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return stream.length - at >= last.length && stream.endsWith(last);
}

/** Patterns as people type them: one or several, with spaces after commas or lines between them. */
export const splitPatterns = (text: string): string[] => [...new Set(text.split(/[,\n]/).map((one) => one.trim()).filter(Boolean))];
