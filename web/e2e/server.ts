// One real server for a test: its own port and data folder, stopped and started at will.
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));
const own = join(root, ".venv/bin/python");
const python = process.env.LIVEPANE_PYTHON ?? (existsSync(own) ? own : "python3");

export class LivepaneServer {
  private readonly data = mkdtempSync(join(tmpdir(), "livepane-e2e-"));
  private process: ChildProcess | null = null;
  private output = "";

  private constructor(private readonly port: number) {}

  static async start(): Promise<LivepaneServer> {
    const server = new LivepaneServer(await freePort());
    await server.start();
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** The printed address that signs a browser in. */
  get signIn(): string {
    const found = /http:\S+\/signin\?token=\S+/.exec(this.output);
    if (found === null) throw new Error(`the server printed no sign-in address:\n${this.output}`);
    return found[0];
  }

  /** Returns when it serves. */
  async start(): Promise<void> {
    const child = spawn(python, ["-m", "livepane.cli", "serve", "--port", String(this.port), "--data-dir", this.data], {
      env: { ...process.env, PYTHONPATH: join(root, "src"), PYTHONUNBUFFERED: "1" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.process = child;
    await new Promise<void>((resolve, reject) => {
      const read = (chunk: Buffer): void => {
        this.output += chunk.toString();
        if (this.output.includes("/signin?token=")) resolve();
      };
      this.output = "";
      child.stdout.on("data", read);
      child.stderr.on("data", read);
      child.once("exit", (code) => reject(new Error(`the server ended with ${code ?? "a signal"}:\n${this.output}`)));
    });
  }

  /** Returns when the process has ended. */
  async stop(): Promise<void> {
    const child = this.process;
    this.process = null;
    if (child === null || child.exitCode !== null) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGTERM");
    await ended;
  }

  async dispose(): Promise<void> {
    await this.stop();
    rmSync(this.data, { recursive: true, force: true });
  }
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, "127.0.0.1", resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  if (typeof address !== "object" || address === null) throw new Error("no free port");
  return address.port;
}
