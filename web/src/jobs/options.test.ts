import { describe, expect, it } from "vitest";
import { fieldsOf, fieldTrouble, optionsFrom } from "./options";

const SCHEMAS = {
  limit: { type: "integer", minimum: 1, maximum: 100, default: 10, description: "How many" },
  details: { type: "boolean", default: true },
  browser: { enum: ["auto", "never"], default: "auto" },
  note: { type: ["string", "null"] },
  tags: { type: "array" },
} as const;

describe("options of a scraper", () => {
  const fields = fieldsOf(SCHEMAS);

  it("become fields with the scraper's own choice in them", () => {
    expect(fields.map(({ name, kind, basic }) => [name, kind, basic])).toEqual([
      ["limit", "integer", "10"], ["details", "flag", "true"], ["browser", "choice", "auto"], ["note", "text", ""], ["tags", "json", ""],
    ]);
    expect(fields[0]).toMatchObject({ label: "Limit", hint: "How many", least: 1, most: 100 });
  });

  it("are sent as what they are, and only when somebody has chosen something else", () => {
    expect(optionsFrom(fields, {}, SCHEMAS)).toEqual({});
    expect(optionsFrom(fields, { limit: " 5 ", details: "false", browser: "never", note: "x", tags: '["a"]' }, SCHEMAS)).toEqual({ limit: 5, details: false, browser: "never", note: "x", tags: ["a"] });
  });

  it("say what is wrong with them", () => {
    const trouble = (name: string, text: string): string => fieldTrouble(fields.find((one) => one.name === name)!, text);
    expect(trouble("limit", "0")).toBe("Limit is from 1 to 100.");
    expect(trouble("limit", "1.5")).toBe("Limit is a whole number.");
    expect(trouble("browser", "always")).toBe("Browser is one of auto, never.");
    expect(trouble("tags", "[a")).toContain("JSON");
    expect(trouble("limit", "")).toBe("");
  });
});
