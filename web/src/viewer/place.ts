// What an address of the bare viewer names: a server, a stream on it, and what was handed over to open it.

export interface Place {
  readonly server: string;
  readonly stream: string;
  /** From the part behind `#`, which no server sees. */
  readonly handed: string | null;
  /** From `?token=`, which stays in the address. */
  readonly token: string | null;
}

export class BadPlace extends Error {
  override readonly name = "BadPlace";
}

/**
 * `base` is where the page lies. `servers` are those that a copy of the page on another web site names itself, in
 * `<meta name="livepane-server">`: only among those may `?server=` choose, so that no link makes a page show, or send a
 * token to, a server that its owner never heard of. Empty for the page that a server serves: that one shows its own streams.
 *
 * Throws BadPlace.
 */
export function placeOf(address: string, base: string, servers: readonly string[]): Place {
  const url = new URL(address);
  const asked = url.searchParams.get("server");
  const home = new URL(".", base);
  const server = servers.length === 0 ? home.href : chosen(asked, servers);
  const path = servers.length === 0 && url.pathname.startsWith(`${home.pathname}view/`) ? url.pathname.slice(home.pathname.length + 5) : "";
  const name = decoded(path) || (url.searchParams.get("stream") ?? "");
  return {
    server,
    // `/view/alice` is short for `/view/producer:alice`.
    stream: name.includes(":") ? name : `producer:${name || "default"}`,
    handed: worth(new URLSearchParams(url.hash.slice(1)).get("token")),
    token: worth(url.searchParams.get("token")),
  };
}

function chosen(asked: string | null, servers: readonly string[]): string {
  if (asked === null) return servers[0]!;
  const same = (one: string): boolean => URL.canParse(one) && URL.canParse(asked) && withSlash(one) === withSlash(asked);
  const found = servers.find(same);
  if (found === undefined) throw new BadPlace(`This page does not show streams of ${asked}.`);
  return found;
}

function withSlash(address: string): string {
  const url = new URL(address);
  return `${url.origin}${url.pathname.replace(/\/*$/, "/")}`;
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** Scripts that have no token yet send the word `null`. */
function worth(token: string | null): string | null {
  return token === null || ["", "null", "undefined"].includes(token) ? null : token;
}
