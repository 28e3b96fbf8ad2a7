// Which pages a site of the list means: Chrome's match patterns, read as Chrome reads them.

const SHAPE = /^(\*|https?):\/\/(\*|(?:\*\.)?[^/*:@\s]+|\[[0-9a-f:.]+\])(?::(\d{1,5}|\*))?(\/\S*)$/i;

interface Parts {
  readonly scheme: string;
  readonly host: string;
  readonly port: string;
  readonly path: string;
}

function parts(pattern: string): Parts | null {
  const found = SHAPE.exec(pattern);
  if (found === null) return null;
  const [, scheme, host, port, path] = found;
  return { scheme: scheme!.toLowerCase(), host: host!.toLowerCase(), port: port ?? "*", path: path! };
}

/** Whether it is a pattern of pages that can be shared: http and https alone. */
export function isPattern(text: string): boolean {
  return parts(text) !== null;
}

/** Whether a page is one that the pattern means. */
export function matches(pattern: string, address: string): boolean {
  const wanted = parts(pattern);
  if (wanted === null || !URL.canParse(address)) return false;
  const url = new URL(address);
  const scheme = url.protocol.slice(0, -1);
  if (scheme !== "http" && scheme !== "https") return false;
  if (wanted.scheme !== "*" && wanted.scheme !== scheme) return false;
  if (!hostMatches(wanted.host, url.hostname)) return false;
  const port = url.port === "" ? (scheme === "https" ? "443" : "80") : url.port;
  if (wanted.port !== "*" && wanted.port !== port) return false;
  return glob(wanted.path, url.pathname + url.search);
}

/** The first site of the list that means this page. */
export function siteOf<S extends { readonly pattern: string }>(sites: readonly S[], address: string | undefined): S | null {
  if (address === undefined) return null;
  return sites.find((site) => matches(site.pattern, address)) ?? null;
}

/**
 * The pattern that somebody means by what they typed: a pattern as it is, `example.com` with all that is below it,
 * an address with its host. Null when nothing of the kind can be made of it.
 */
export function patternOf(text: string): string | null {
  const typed = text.trim();
  if (typed.includes("*")) return isPattern(typed) ? typed : null;
  const address = /^[a-z][a-z0-9+.-]*:\/\//i.test(typed) ? typed : `https://${typed}`;
  if (/\s/.test(typed) || !URL.canParse(address)) return null;
  const url = new URL(address);
  if (url.protocol !== "http:" && url.protocol !== "https:") return null;
  const bare = address !== typed;
  if (bare && !url.hostname.includes(".") && url.hostname !== "localhost" && !url.hostname.startsWith("[")) return null;
  const number = /^[\d.]+$|^\[/.test(url.hostname) || url.hostname === "localhost";
  const scheme = bare ? "*" : url.protocol.slice(0, -1);
  const host = bare && !number ? `*.${url.hostname.replace(/^www\./, "")}` : url.hostname;
  const pattern = `${scheme}://${host}${url.port === "" ? "" : `:${url.port}`}/*`;
  return isPattern(pattern) ? pattern : null;
}

/** The pattern of one page's own site: its scheme, host and port. Null for what cannot be shared. */
export function ownPattern(address: string): string | null {
  if (!URL.canParse(address)) return null;
  const url = new URL(address);
  return url.protocol === "http:" || url.protocol === "https:" ? `${url.origin}/*` : null;
}

function hostMatches(wanted: string, host: string): boolean {
  if (wanted === "*") return true;
  if (!wanted.startsWith("*.")) return wanted === host;
  const base = wanted.slice(2);
  return host === base || host.endsWith(`.${base}`);
}

/** `*` stands for any characters. Without regular expressions: a pattern of many stars must not take for ever. */
function glob(pattern: string, text: string): boolean {
  const pieces = pattern.split("*");
  const first = pieces.shift()!;
  if (!text.startsWith(first)) return false;
  const last = pieces.pop();
  if (last === undefined) return text === first;
  let at = first.length;
  for (const piece of pieces) {
    const found = text.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return text.length - last.length >= at && text.endsWith(last);
}
