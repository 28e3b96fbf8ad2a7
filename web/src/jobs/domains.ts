// Domains out of whatever people paste: lines, commas, links, a column of a sheet.

export interface Refused {
  readonly text: string;
  /** Why, in words for a person. */
  readonly why: string;
}

export interface Domains {
  /** In the order in which they stand, each once, as they were typed. */
  readonly good: readonly string[];
  readonly bad: readonly Refused[];
  /** How many were left out because they are there already. */
  readonly repeated: number;
}

/** Twice the same site: with and without scheme, www., a slash at its end, in capitals. */
function sameness(url: URL): string {
  const path = url.pathname.replace(/\/+$/, "");
  return `${url.hostname.replace(/^www\./, "")}${url.port === "" ? "" : `:${url.port}`}${path}${url.search}`;
}

export function domainsIn(text: string): Domains {
  const good = new Map<string, string>();
  const bad: Refused[] = [];
  let repeated = 0;
  for (const typed of text.split(/[\s,;|]+/).map(bare).filter((one) => one !== "")) {
    const found = read(typed);
    if (typeof found === "string") bad.push({ text: typed, why: found });
    else if (good.has(sameness(found))) repeated += 1;
    else good.set(sameness(found), typed);
  }
  return { good: [...good.values()], bad, repeated };
}

/** Without the quotes and brackets of wherever it was copied from. */
const bare = (text: string): string => text.replace(/^["'<([]+|["'>)\]]+$/g, "");

function read(typed: string): URL | string {
  const scheme = /^([a-z][a-z0-9+.-]*):(?!\d+(?:[/?#]|$))/i.exec(typed)?.[1]?.toLowerCase();
  if (scheme !== undefined && scheme !== "http" && scheme !== "https") return `${scheme}: is not a web address`;
  if (typed.includes("@")) return "an e-mail address, not a site";
  let url: URL;
  try {
    url = new URL(scheme === undefined ? `https://${typed.replace(/^\/\//, "")}` : typed);
  } catch {
    return "not a domain";
  }
  const host = url.hostname;
  if (host.startsWith("[") || /^[\d.]+$/.test(host)) return "an address of numbers: write the site's name";
  if (!host.includes(".")) return "no domain: it lacks its ending, such as .com";
  if (/(?:^|\.)(?:localhost|local|internal|lan)$/.test(host)) return "a private name";
  if (!/^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?:[a-z]{2,63}|xn--[a-z0-9-]{2,59})\.?$/.test(host)) return "not a domain";
  return url;
}
