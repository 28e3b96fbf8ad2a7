// Options of a scraper as fields of a form: JSON Schema in, JSON out. Pure.
import type { OptionSchema } from "@/state/jobs";

export type FieldKind = "flag" | "choice" | "integer" | "number" | "text" | "json";

export interface Field {
  readonly name: string;
  readonly label: string;
  readonly hint: string;
  readonly kind: FieldKind;
  readonly choices: readonly string[];
  readonly least: number | null;
  readonly most: number | null;
  /** As it is written in the field; "" or "false": nothing. */
  readonly basic: string;
}

export function fieldsOf(options: Readonly<Record<string, OptionSchema>>): Field[] {
  return Object.entries(options).map(([name, schema]) => {
    const kind = kindOf(schema);
    return {
      name,
      label: schema.title ?? sentence(name.replaceAll("_", " ")),
      hint: schema.description ?? "",
      kind,
      choices: (schema.enum ?? []).map((one) => String(one as string | number)),
      least: schema.minimum ?? null,
      most: schema.maximum ?? null,
      basic: written(schema.default, kind),
    };
  });
}

function kindOf({ type, enum: choices }: OptionSchema): FieldKind {
  if (choices !== undefined && choices.length > 0) return "choice";
  const types = typeof type === "string" ? [type] : (type ?? []);
  const plain = types.find((one) => one !== "null");
  switch (plain) {
    case "boolean":
      return "flag";
    case "integer":
    case "number":
      return plain;
    case "string":
      return "text";
    default:
      return "json";
  }
}

const written = (value: unknown, kind: FieldKind): string => (value === undefined || value === null ? (kind === "flag" ? "false" : "") : typeof value === "string" && kind !== "json" ? value : JSON.stringify(value));
const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** What is wrong with a field, in words; "" when nothing is. */
export function fieldTrouble({ kind, label, least, most, choices }: Field, text: string): string {
  const typed = text.trim();
  if (typed === "" || kind === "flag" || kind === "text") return "";
  if (kind === "choice") return choices.includes(typed) ? "" : `${label} is one of ${choices.join(", ")}.`;
  if (kind === "json") {
    try {
      JSON.parse(typed);
      return "";
    } catch {
      return `${label} is written as JSON, such as ["a", "b"].`;
    }
  }
  const value = Number(typed);
  if (!Number.isFinite(value) || (kind === "integer" && !Number.isInteger(value))) return `${label} is ${kind === "integer" ? "a whole number" : "a number"}.`;
  if ((least !== null && value < least) || (most !== null && value > most)) return `${label} is ${range(least, most)}.`;
  return "";
}

const range = (least: number | null, most: number | null): string => (least === null ? `${most ?? ""} at the most` : most === null ? `${least} at the least` : `from ${least} to ${most}`);

/** What to send: only what differs from the scraper's own choice. */
export function optionsFrom(fields: readonly Field[], texts: Readonly<Record<string, string>>, schemas: Readonly<Record<string, OptionSchema>>): Record<string, unknown> {
  const options: Record<string, unknown> = {};
  for (const { name, kind, basic } of fields) {
    const typed = (texts[name] ?? basic).trim();
    if (typed === basic || (typed === "" && kind !== "text")) continue;
    if (kind === "flag") options[name] = typed === "true";
    else if (kind === "integer" || kind === "number") options[name] = Number(typed);
    else if (kind === "json") options[name] = JSON.parse(typed);
    else if (kind === "choice") options[name] = schemas[name]?.enum?.find((one) => String(one) === typed) ?? typed;
    else options[name] = typed;
  }
  return options;
}
