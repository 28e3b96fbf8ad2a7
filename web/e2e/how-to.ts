// The snippets of a page of documentation, so that what readers copy is what runs.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The snippet that the page calls by this name, with its own server, stream and token in place of the example's. */
export function snippet(page: string, name: string, real: { server: string; stream: string; token?: string }): string {
  const text = readFileSync(fileURLToPath(new URL(`../../docs/${page}`, import.meta.url)), "utf8");
  const found = new RegExp("```\\w+ " + name + "\\n([\\s\\S]*?)\\n```").exec(text)?.[1];
  if (found === undefined) throw new Error(`docs/${page} has no snippet called ${name}`);
  return found.replaceAll("http://127.0.0.1:8000", real.server).replaceAll("page:k3f9", real.stream).replaceAll("TOKEN", real.token ?? "TOKEN");
}
