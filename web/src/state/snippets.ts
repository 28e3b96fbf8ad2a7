// Lines to paste elsewhere: into a script, a terminal, a page.
import { addressOf } from "./api";
import { lineOf, quoted, type Shell, shareLine } from "./shell";

export const WATCH_ASYNC = "import livepane\n\nawait livepane.watch(page)";
export const WATCH_SYNC = "import livepane\n\nlivepane.watch(page)";

/** The address of this server as this browser reaches it, without a slash at its end. */
export const serverAddress = (): string => addressOf("").replace(/\/$/, "");

/** Whether an address is one that other machines cannot open. */
export function isLoopback(address: string): boolean {
  const { hostname } = new URL(address);
  return hostname === "localhost" || hostname.endsWith(".localhost") || hostname === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

export interface Snippet {
  readonly label: string;
  readonly code: string;
  readonly hint: string;
}

/** What a token with these roles is used for, ready to paste. */
export function tokenSnippets(shell: Shell, token: string, roles: readonly string[], streams: readonly string[], server = serverAddress()): Snippet[] {
  const has = (...some: string[]): boolean => some.some((role) => roles.includes(role)) || roles.includes("admin");
  const one = streams.find((pattern) => !pattern.includes("*"));
  const stream = one ?? streams[0]?.replaceAll("*", "ID") ?? "page:ID";
  const name = one?.startsWith("producer:") ? one.slice("producer:".length) : "my-screen";
  // Without its suffix Windows PowerShell takes it for a command of its own.
  const curl = `${shell === "powershell" ? "curl.exe" : "curl"} -H "Authorization: Bearer ${token}"`;
  const snippets: Snippet[] = [];
  if (has("viewer", "operator")) {
    snippets.push(
      { label: "Sign in", code: `${server}/signin?token=${token}`, hint: "Opens the dashboard, signed in. Whoever has the address has the token." },
      { label: "Picture", code: `${curl} -o now.jpg ${quoted(shell, `${server}/streams/${stream}.jpg`)}`, hint: "One picture of a stream as it is now." },
    );
    if (one !== undefined && roles.every((role) => role === "viewer")) snippets.push({ label: "Embed", code: livePaneSnippet(stream, token, server), hint: "A pane in a page of your own." });
  }
  if (has("producer")) {
    snippets.push({ label: "Share a screen", code: shareLine(shell, token, server, name), hint: "Shows the screen of the machine where this runs." });
    snippets.push({ label: "Script", code: lineOf(shell, { LIVEPANE_SERVER: server, LIVEPANE_TOKEN: token }, "python your_script.py"), hint: "For a script that calls livepane.watch(page)." });
  }
  if (has("operator")) {
    snippets.push({ label: "Open a page", code: lineOf(shell, { LIVEPANE_TOKEN: token }, `livepane watch https://example.com --server ${quoted(shell, server)}`), hint: "Opens a page on the server as a new pane." });
  }
  if (has("scraper", "operator") && !has("viewer", "operator")) {
    snippets.push({ label: "Jobs", code: `${curl} ${quoted(shell, `${server}/api/session`)}`, hint: "Says what the token may do." });
  }
  return snippets;
}

export const livePaneSnippet = (stream: string, token: string, server = serverAddress()): string =>
  `<script src="${server}/live-pane.js"></script>\n<live-pane stream="${attribute(stream)}"\n  token="${token}"\n  style="width: 640px; height: 360px"></live-pane>`;

export const imageSnippet = (stream: string, token: string, server = serverAddress()): string =>
  `<img alt="${attribute(stream)}"\n  src="${server}/streams/${encodeURIComponent(stream)}.mjpeg?token=${token}">`;

export const frameSnippet = (url: string, stream: string): string => `<iframe title="${attribute(stream)}" src="${url}"\n  width="640" height="360" allow="fullscreen"></iframe>`;

const attribute = (text: string): string => text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
