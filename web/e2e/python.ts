// The Python that the servers of the tests run on, and the folder that their code is in.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../../", import.meta.url));
const own = join(root, ".venv/bin/python");
export const python = process.env.LIVEPANE_PYTHON ?? (existsSync(own) ? own : "python3");
