import { expect, test } from "vitest";
import { wholeAddress } from "./address";

test("a public name gets https", () => {
  expect(wholeAddress(" example.com ")).toBe("https://example.com");
  expect(wholeAddress("example.com:8443/a?b#c")).toBe("https://example.com:8443/a?b#c");
  expect(wholeAddress("//example.com/a")).toBe("https://example.com/a");
  expect(wholeAddress("10.example.com")).toBe("https://10.example.com");
});

test("what is on this machine or network gets http", () => {
  for (const near of ["localhost:3000", "localhost", "127.0.0.1:8000/x", "192.168.1.20", "172.20.0.2:80", "[::1]:3000", "nas.local", "build-7:8080"]) {
    expect(wholeAddress(near)).toBe(`http://${near}`);
  }
});

test("a scheme of one's own stays, for the server to judge", () => {
  for (const whole of ["http://example.com", "https://a", "file:///etc/passwd", "about:blank", "javascript:alert(1)", "mailto:a@b.c"]) expect(wholeAddress(whole)).toBe(whole);
  expect(wholeAddress("  ")).toBe("");
});
