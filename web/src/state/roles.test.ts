import { expect, test } from "vitest";
import { foremost, ROLES } from "./roles";

test("an admin is called nothing but admin", () => {
  expect(foremost(ROLES.map(({ name }) => name))).toEqual(["admin"]);
});

test("roles that do not include each other all stay", () => {
  expect(foremost(["viewer", "producer", "scraper"])).toEqual(["viewer", "producer", "scraper"]);
  expect(foremost(["operator", "producer", "viewer", "scraper"])).toEqual(["operator", "producer"]);
});
