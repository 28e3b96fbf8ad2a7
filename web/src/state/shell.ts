// Commands as the shell of the machine takes them that they are pasted on.
export const SHELLS = [
  { id: "posix", name: "Linux, macOS" },
  { id: "powershell", name: "Windows PowerShell" },
] as const;
export type Shell = (typeof SHELLS)[number]["id"];

/** The shell that somebody with this browser most likely has. */
export const shellOf = (userAgent: string): Shell => (/\bWindows\b/.test(userAgent) ? "powershell" : "posix");

/** As the shell takes it for one word. */
export function quoted(shell: Shell, text: string): string {
  if (shell === "posix") return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
  // PowerShell ends such a word at the quotes of typographers, too, and takes a comma for a list.
  return /^[\w+=:./-]+$/.test(text) ? text : `'${text.replace(/['‘’‚‛]/g, "$&$&")}'`;
}

/** A line that runs a command with variables of its environment; `words` stand as they are, quoted where they have to be. */
export function lineOf(shell: Shell, environment: Readonly<Record<string, string>>, words: string): string {
  const variables = Object.entries(environment);
  // Always in quotes: without them it would be the name of another command.
  if (shell === "powershell") return [...variables.map(([name, value]) => `$env:${name}='${value.replace(/['‘’‚‛]/g, "$&$&")}'`), words].join("; ");
  return [...variables.map(([name, value]) => `${name}=${quoted(shell, value)}`), words].join(" ");
}

/** Shows the screen of the machine where it runs. */
export const shareLine = (shell: Shell, token: string, server: string, name: string): string =>
  lineOf(shell, { LIVEPANE_TOKEN: token }, `livepane share --server ${quoted(shell, server)} --name ${quoted(shell, name)}`);
