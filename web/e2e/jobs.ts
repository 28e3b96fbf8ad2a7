// What the tests of jobs share: scrapers of their own, gates that hold them, companies that are served on this machine.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { test as base } from "./fixtures";
import { python, root } from "./python";
import type { LivepaneServer } from "./server";

/** For a server that knows the scrapers `steps` and `breaks`. */
export const PLUGIN = { LIVEPANE_PLUGINS: fileURLToPath(new URL("plugin.py", import.meta.url)) };

/** A file that a job waits for. */
export class Gate {
  private readonly folder = mkdtempSync(join(tmpdir(), "livepane-gate-"));

  get path(): string {
    return join(this.folder, "open");
  }
  open(): void {
    writeFileSync(this.path, "");
  }
  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A test whose server knows those scrapers, with a gate for them. */
export const test = base.extend<{ gate: Gate }>({
  serverEnv: PLUGIN,
  gate: async ({}, use) => {
    const gate = new Gate();
    await use(gate);
    gate.open();
    gate.remove();
  },
});

/** Ask the server as its admin. */
export async function ask<T>(server: LivepaneServer, method: string, path: string, body?: object): Promise<T> {
  const headers = { authorization: `Bearer ${server.token}`, "content-type": "application/json" };
  const answer = await fetch(`${server.url}/${path}`, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as T;
}

export async function addJobs(server: LivepaneServer, kind: string, targets: readonly string[], options: object = {}, more: object = {}): Promise<number[]> {
  const { jobs } = await ask<{ jobs: { id: number }[] }>(server, "POST", "api/jobs", { kind, targets, options, ...more });
  return jobs.map(({ id }) => id);
}

/** Fill the downloads of a server with pictures of our own making, by the code that jobs keep files with. */
export async function keepFiles(server: LivepaneServer, options: string): Promise<void> {
  const child = server.run(`python "${fileURLToPath(new URL("keep.py", import.meta.url))}" ${options}`);
  const code = await new Promise<number | null>((resolve) => child.once("exit", resolve));
  if (code !== 0) throw new Error(`keep.py ${options} ended with ${code ?? "a signal"}`);
}

/** Sites of our own making, under the names that they would have: companies and job boards, or galleries. */
export class Sites {
  private constructor(
    private readonly process: ChildProcess,
    /** Settings of a server that reaches them. */
    readonly env: Readonly<Record<string, string>>,
  ) {}

  static async serve(which: "boards" | "galleries" = "boards"): Promise<Sites> {
    const child = spawn(python, ["-m", `tests.${which}`, "--latency", "0.02"], {
      cwd: root,
      env: { ...process.env, PYTHONPATH: `${join(root, "src")}:${root}` },
      stdio: ["pipe", "pipe", "inherit"],
    });
    const line = await new Promise<string>((resolve, reject) => {
      createInterface({ input: child.stdout }).once("line", resolve);
      child.once("exit", (code) => reject(new Error(`the sites ended with ${code ?? "a signal"}`)));
    });
    const { addresses, ca_file } = JSON.parse(line) as { addresses: Record<string, [string, number]>; ca_file: string };
    const hosts = Object.entries(addresses).map(([name, [address, port]]) => `${name}=${address}:${port}`);
    return new Sites(child, { LIVEPANE_HOST_ADDRESSES: hosts.join(","), LIVEPANE_CA_FILE: ca_file, LIVEPANE_REQUEST_BURST: "50" });
  }

  async dispose(): Promise<void> {
    const ended = new Promise((resolve) => this.process.once("exit", resolve));
    this.process.stdin?.end();
    await ended;
  }
}
