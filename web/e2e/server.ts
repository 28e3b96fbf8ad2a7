// One real server for a test: its own port and data folder, stopped and started at will.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { python, root } from "./python";

export class LivepaneServer {
  private readonly data = mkdtempSync(join(tmpdir(), "livepane-e2e-"));
  private process: ChildProcess | null = null;
  private output = "";

  private constructor(
    private readonly port: number,
    private readonly env: Readonly<Record<string, string>>,
  ) {}

  /** With settings as variables, such as LIVEPANE_AUTH. */
  static async start(env: Readonly<Record<string, string>> = {}): Promise<LivepaneServer> {
    const server = new LivepaneServer(await freePort(), env);
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

  /** The admin token of that address. */
  get token(): string {
    return new URL(this.signIn).searchParams.get("token") ?? "";
  }

  /** Run a script or a command beside the server, with our Python and this data folder; the caller ends it. */
  run(shellLine: string, env: Readonly<Record<string, string>> = {}): ChildProcess {
    const prelude = `livepane() { "${python}" -m livepane.cli "$@"; }; python() { "${python}" "$@"; }`;
    return spawn("bash", ["-c", `${prelude}; ${shellLine}`], {
      env: { ...process.env, PYTHONPATH: join(root, "src"), PYTHONUNBUFFERED: "1", LIVEPANE_DATA_DIR: this.data, ...env },
      stdio: ["ignore", "inherit", "inherit"],
      // A group of its own: what the shell started ends with it.
      detached: true,
    });
  }

  /** Returns when it serves. */
  async start(): Promise<void> {
    const forks = process.env.FORKS_AT ?? ""; // of e2e/forks.ts
    const child = spawn(python, ["-S", "-m", "tests.forking.stand_in", forks, "serve", "--port", String(this.port), "--data-dir", this.data], {
      cwd: root,
      env: { ...process.env, PYTHONPATH: join(root, "src"), ...this.env },
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
