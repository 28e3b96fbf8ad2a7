// The lines that put a pane on this wall from somewhere else.

export const WATCH_LINES = "import livepane\nawait livepane.watch(page)";

/** `livepane share` for another machine, with the address that this browser uses. */
export function shareLine(): string {
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  return `livepane share --server ${scheme}://${location.host} --name my-screen`;
}
