import { expect, test } from "vitest";
import { restriction } from "./restricted";

test("web pages can be shared", () => {
  for (const page of ["https://example.com/", "http://127.0.0.1:8000/view", "https://chrome.google.com/"]) expect(restriction(page)).toBeNull();
});

test.each([
  ["chrome://version/", "page of the browser itself"],
  ["chrome-extension://abc/options.html", "belongs to an extension"],
  ["file:///etc/passwd", "python3 -m http.server"],
  ["view-source:https://example.com/", "source view"],
  ["about:blank", "empty"],
  ["https://chromewebstore.google.com/detail/x", "web store"],
  ["https://chrome.google.com/webstore/detail/x", "web store"],
  ["data:text/html,hello", "data:"],
  ["not an address", "no address"],
  ["", "does not say"],
  [undefined, "does not say"],
])("%s is explained", (page, words) => {
  expect(restriction(page)).toContain(words);
});
