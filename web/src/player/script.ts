// Where the running script came from: a tag with `src`, a module, or an import() that leaves no tag.

/** The server that serves this script, with the path that it is mounted on; null when it cannot be known. */
export function serverOfScript(): string | null {
  const running = document.currentScript instanceof HTMLScriptElement ? document.currentScript.src : "";
  // While a module runs there is no current script; an error knows the file all the same.
  return folderOf(running) ?? folderOf(fileIn(new Error("where").stack ?? ""));
}

/** The first address in a stack, as Chromium, Firefox and Safari write them: `… (http://host/x.js:1:2)`, `…@http://host/x.js:1:2`. */
export function fileIn(stack: string): string {
  return /(https?:\/\/[^\s()]+?)(?::\d+){1,2}\)?(?:\s|$)/.exec(stack)?.[1] ?? "";
}

export function folderOf(file: string): string | null {
  return URL.canParse(file) && /^https?:/.test(file) ? new URL(".", file).href : null;
}
