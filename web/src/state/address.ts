// What people type as an address, made whole.

/** With the scheme that it lacks: http for what is on this machine or network, https for the rest. "" stays "". */
export function wholeAddress(typed: string): string {
  const text = typed.trim();
  if (text === "" || hasScheme(text)) return text;
  if (text.startsWith("//")) return wholeAddress(text.slice(2));
  return `${isNear(text) ? "http" : "https"}://${text}`;
}

/** "host:8000/x" has none; "file:/x" and "about:blank" have one, and the server says what it thinks of it. */
const hasScheme = (text: string): boolean => /^[a-z][a-z0-9+.-]*:/i.test(text) && !/^[^/?#]+:\d+(?:[/?#]|$)/.test(text);

function isNear(text: string): boolean {
  const host = /^(?:\[[^\]]*\]|[^/?#:]*)/.exec(text)?.[0].toLowerCase() ?? "";
  if (host.startsWith("[")) return true;
  if (/^(?:10|127)\.|^192\.168\.|^169\.254\.|^172\.(?:1[6-9]|2\d|3[01])\./.test(host)) return /^[\d.]+$/.test(host);
  return !host.includes(".") || /\.(?:localhost|local|internal|lan|test)$/.test(host);
}
