// Where a Livepane server is: an address that may have a path, such as https://host/panes/.

/** The server that this page came from, with the path that it is mounted on (`<base href>`). */
export const ownServer = (): string => new URL(".", document.baseURI).href;

/** What is at `path` of a server. Throws TypeError when `server` is not an address. */
export function addressOf(server: string, path: string): URL {
  const home = new URL(server);
  home.search = home.hash = "";
  if (!home.pathname.endsWith("/")) home.pathname += "/";
  return new URL(path, home);
}

/** The address of the viewer socket of a server. Nothing secret is in it. */
export function socketUrl(server: string): URL {
  const url = addressOf(server, "api/live");
  url.protocol = url.protocol === "https:" || url.protocol === "wss:" ? "wss:" : "ws:";
  return url;
}
