import { describe, expect, test } from "vitest";
import { isPattern, matches, ownPattern, patternOf, siteOf } from "./patterns";

describe("match patterns", () => {
  test.each([
    ["https://example.com/*", "https://example.com/", true],
    ["https://example.com/*", "https://example.com:8443/", true], // no port: any, as Chrome has it
    ["https://example.com/*", "http://example.com/", false],
    ["*://example.com/*", "http://example.com/a?b=c#d", true],
    ["*://example.com/*", "ftp://example.com/", false],
    ["https://*.example.com/*", "https://example.com/", true],
    ["https://*.example.com/*", "https://a.b.example.com/x", true],
    ["https://*.example.com/*", "https://notexample.com/", false],
    ["https://example.com/*", "https://example.com.evil.test/", false],
    ["https://example.com/reports/*", "https://example.com/reports/1", true],
    ["https://example.com/reports/*", "https://example.com/report", false],
    ["https://example.com/*/edit", "https://example.com/a/b/edit", true],
    ["https://example.com/*/edit", "https://example.com/edit", false],
    ["https://example.com/exact", "https://example.com/exact", true],
    ["https://example.com/exact", "https://example.com/exact?more", false],
    ["http://localhost:3000/*", "http://localhost:3000/", true],
    ["http://localhost:3000/*", "http://localhost:3001/", false],
    ["http://localhost:80/*", "http://localhost/", true],
    ["*://*/*", "https://anything.test/", true],
    ["*://*/*", "chrome://version/", false],
    ["http://[::1]:8000/*", "http://[::1]:8000/x", true],
  ])("%s and %s: %s", (pattern, address, expected) => {
    expect(isPattern(pattern)).toBe(true);
    expect(matches(pattern, address)).toBe(expected);
  });

  test("what is no pattern of web pages is none", () => {
    for (const text of ["", "example.com", "<all_urls>", "file:///*", "https://example.com", "https://*foo.com/*", "https://a b/*", "https://exa*mple.com/*"]) {
      expect(isPattern(text), text).toBe(false);
      expect(matches(text, "https://example.com/"), text).toBe(false);
    }
  });

  test("a pattern of many stars answers at once", () => {
    expect(matches(`https://example.com/${"*a".repeat(400)}b`, `https://example.com/${"a".repeat(4000)}`)).toBe(false);
  });

  test("what somebody types is made a pattern of", () => {
    expect(patternOf("example.com")).toBe("*://*.example.com/*");
    expect(patternOf("www.example.com")).toBe("*://*.example.com/*");
    expect(patternOf("https://example.com/some/page?x=1")).toBe("https://example.com/*");
    expect(patternOf("localhost:3000")).toBe("*://localhost:3000/*");
    expect(patternOf("127.0.0.1:8000")).toBe("*://127.0.0.1:8000/*");
    expect(patternOf(" https://*.example.com/a/* ")).toBe("https://*.example.com/a/*");
    for (const text of ["", "hello", "two words.com", "chrome://settings", "javascript:alert(1)", "*.com*"]) expect(patternOf(text), text).toBeNull();
  });

  test("the pattern of a page is its own site's, and matches it", () => {
    expect(ownPattern("http://127.0.0.1:4000/a/b?c")).toBe("http://127.0.0.1:4000/*");
    expect(ownPattern("chrome://version")).toBeNull();
    for (const page of ["https://example.com/x", "http://[::1]:8000/", "http://localhost/"]) expect(matches(ownPattern(page)!, page), page).toBe(true);
  });

  test("the first site of the list counts", () => {
    const sites = [{ pattern: "https://a.example/x/*", n: 1 }, { pattern: "https://a.example/*", n: 2 }];
    expect(siteOf(sites, "https://a.example/x/1")?.n).toBe(1);
    expect(siteOf(sites, "https://a.example/y")?.n).toBe(2);
    expect(siteOf(sites, "https://b.example/")).toBeNull();
    expect(siteOf(sites, undefined)).toBeNull();
  });
});
