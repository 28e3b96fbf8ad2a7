// An X display of the test's own, and programs on it.
import { type ChildProcess, spawn } from "node:child_process";
import type { Readable } from "node:stream";

export class Display {
  private readonly programs: ChildProcess[] = [];

  private constructor(
    private readonly server: ChildProcess,
    /** Such as ":42". */
    readonly name: string,
  ) {}

  /** Returns when programs can connect to it. */
  static async start(): Promise<Display> {
    const server = spawn("Xvfb", ["-displayfd", "3", "-screen", "0", "1024x640x24", "-nolisten", "tcp", "-noreset"], { stdio: ["ignore", "ignore", "ignore", "pipe"] });
    const number = await new Promise<string>((resolve, reject) => {
      (server.stdio[3] as Readable).once("data", (chunk: Buffer) => resolve(chunk.toString().trim()));
      server.once("error", () => reject(new Error("these tests need a real X server: apt-get install xvfb xterm")));
      server.once("exit", (code) => reject(new Error(`Xvfb ended with ${code ?? "a signal"}`)));
    });
    return new Display(server, `:${number}`);
  }

  /** A terminal that counts in the corner; returns a function that closes it. */
  terminal(title: string, geometry: string): () => void {
    const count = "n=0; while true; do n=$((n+1)); printf '\\e[4%dm%d ' $((n % 8)) $n; sleep 0.2; done";
    const terminal = spawn("xterm", ["-T", title, "-geometry", geometry, "-e", "bash", "-c", count], { env: { ...process.env, DISPLAY: this.name }, stdio: "ignore" });
    this.programs.push(terminal);
    return () => void terminal.kill();
  }

  async dispose(): Promise<void> {
    for (const program of this.programs) program.kill();
    const ended = new Promise((resolve) => this.server.once("exit", resolve));
    this.server.kill();
    await ended;
  }
}
