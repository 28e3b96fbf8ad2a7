// Rows as CSV (RFC 4180), safe to open in a spreadsheet, and files that the browser saves.

/** A formula in a cell would be run by a spreadsheet; a quote before it makes it the text that it is. */
const isFormula = (text: string): boolean => /^[\s\uFEFF]*[=+\-@＝＋－＠]/.test(text) || /^[\t\r\n]/.test(text);

function cell(value: unknown): string {
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  const text = value === null || value === undefined ? "" : Array.isArray(value) && value.every((one) => typeof one !== "object") ? value.join("; ") : typeof value === "string" ? value : JSON.stringify(value);
  const safe = isFormula(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** A byte order mark goes first: without it, Excel takes UTF-8 for the encoding of the machine. */
export function toCsv(rows: readonly Readonly<Record<string, unknown>>[], columns: readonly string[]): string {
  return "\uFEFF" + [columns.map(cell).join(","), ...rows.map((row) => columns.map((name) => cell(row[name])).join(","))].join("\r\n") + "\r\n";
}

/** Every key that some row has, in the order in which they first appear. */
export const columnsOf = (rows: readonly Readonly<Record<string, unknown>>[]): string[] => [...new Set(rows.flatMap((row) => Object.keys(row)))];

/** Hand a file to the browser. */
export function download(name: string, type: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
