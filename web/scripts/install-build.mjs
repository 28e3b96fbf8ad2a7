// Copies web/dist to src/livepane/web, from where the server serves it and the wheel takes it.
import { cpSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";

const from = fileURLToPath(new URL("../dist/", import.meta.url));
const to = fileURLToPath(new URL("../../src/livepane/web/", import.meta.url));
rmSync(to, { recursive: true, force: true });
cpSync(from, to, { recursive: true });
