// Once for all tests: the process that their servers are forked from. It has loaded what a server needs, so a start costs little.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { python, root } from "./python";

export default async function start(): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), "livepane-forks-"));
  const socket = join(folder, "socket");
  const parent = spawn(python, ["-m", "tests.forking.parent", socket], {
    cwd: root,
    env: { ...process.env, PYTHONPATH: `${join(root, "src")}:${root}` },
    stdio: ["pipe", "pipe", "inherit"],
  });
  const ended = new Promise<void>((resolve) => parent.once("exit", () => resolve()));
  await new Promise((resolve, reject) => {
    createInterface({ input: parent.stdout }).once("line", resolve);
    parent.once("error", reject);
    parent.once("exit", (code) => reject(new Error(`the process that forks ended with ${code ?? "a signal"}`)));
  });
  process.env.FORKS_AT = socket;
  return async () => {
    parent.stdin.end();
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
}
