import { expect, it } from "vitest";
import { fieldOf, isChanged, SECTIONS, valueOf, valueTrouble, written } from "./settings";

const fields = SECTIONS.flatMap(({ fields: some }) => some);
const of = (name: string) => fields.find((one) => one.name === name)!;

it("a value out of bounds, or none, is said before it is sent", () => {
  expect(valueTrouble(of("quality"), "60")).toBe("");
  expect(valueTrouble(of("quality"), "5")).toBe("From 10 to 100.");
  expect(valueTrouble(of("quality"), "60.5")).toBe("Write a whole number.");
  expect(valueTrouble(of("frame_rate"), "")).toBe("Write a number.");
  expect(valueTrouble(of("frame_rate"), "0,5")).toBe("");
  expect(valueOf(of("frame_rate"), " 0,5 ")).toBe(0.5);
  expect(valueOf(of("enabled"), "false")).toBe(false);
});

it("bytes and seconds are shown in units that people use, and what is shown rounded is not taken for a change", () => {
  const most = of("max_bytes");
  expect(written(most, 50 * 2 ** 30)).toBe("50");
  expect(written(most, 1_500_000_001)).toBe("1.397");
  expect(isChanged(most, "1.397", 1_500_000_001)).toBe(false);
  expect(isChanged(most, "2", 1_500_000_001)).toBe(true);
  expect(valueOf(most, "1.5")).toBe(1.5 * 2 ** 30);
  expect(valueOf(of("max_seconds"), "0,5")).toBe(1800);
});

it("what the server refuses is said at the field that it is about", () => {
  expect(fieldOf("jobs.pages = 99: Input should be less than or equal to 16; it must be from 1 to 16")).toEqual({ part: "jobs", name: "pages", text: "Input should be less than or equal to 16; it must be from 1 to 16" });
  expect(fieldOf("the database is locked")).toBeNull();
});
