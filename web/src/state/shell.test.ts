// What is copied from the dashboard is one command on the machine where it is pasted, whatever a name has in it.
import { expect, test } from "vitest";
import { lineOf, quoted, shareLine, shellOf } from "./shell";

const SERVER = "https://panes.example.org/live";

test("the shell is guessed from the browser", () => {
  expect(shellOf("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36")).toBe("powershell");
  for (const system of ["X11; Linux x86_64", "Macintosh; Intel Mac OS X 10_15_7"]) expect(shellOf(`Mozilla/5.0 (${system})`)).toBe("posix");
});

test("a variable is set as each shell sets it", () => {
  expect(shareLine("posix", "T", SERVER, "alice-laptop")).toBe(`LIVEPANE_TOKEN=T livepane share --server ${SERVER} --name alice-laptop`);
  expect(shareLine("powershell", "T", SERVER, "alice-laptop")).toBe(`$env:LIVEPANE_TOKEN='T'; livepane share --server ${SERVER} --name alice-laptop`);
  expect(lineOf("powershell", { A: "1", B: "it's" }, "python x.py")).toBe("$env:A='1'; $env:B='it''s'; python x.py");
});

test("no word ends early in a POSIX shell", () => {
  expect(quoted("posix", "a; rm -rf ~")).toBe("'a; rm -rf ~'");
  expect(quoted("posix", "alice's laptop")).toBe(String.raw`'alice'\''s laptop'`);
  expect(quoted("posix", "alice-2")).toBe("alice-2");
});

test("no word ends early in PowerShell, where quotes of typographers count and $ and commas have a meaning", () => {
  expect(quoted("powershell", "alice's laptop")).toBe("'alice''s laptop'");
  expect(quoted("powershell", "alice’s laptop")).toBe("'alice’’s laptop'");
  for (const text of ["$(calc)", "a; calc", "a,b", "@a", "a`nb", "%a", ""]) expect(quoted("powershell", text)).toBe(`'${text}'`);
  expect(quoted("powershell", "page:k3f9")).toBe("page:k3f9");
});
