import { expect, it } from "vitest";
import { troubleOf } from "./trouble";

it("says an error in plain words, and keeps the server's own", () => {
  expect(troubleOf("robots_disallowed: /careers is closed to Livepane")).toMatchObject({ code: "robots_disallowed", short: "Not allowed", detail: "/careers is closed to Livepane" });
  expect(troubleOf("dns")).toMatchObject({ code: "dns", short: "No such host", detail: "" });
  expect(troubleOf({ code: "timeout", message: "after 30 s" })).toMatchObject({ short: "Too slow", detail: "after 30 s" });
});

it("does not hide an error that it does not know", () => {
  expect(troubleOf("Something went wrong: twice")).toMatchObject({ short: "Failed", sentence: "Something went wrong: twice" });
  expect(troubleOf("quota: none left")).toMatchObject({ code: "quota", sentence: "none left" });
  expect(troubleOf("constructor: x").sentence).toBe("x");
});
