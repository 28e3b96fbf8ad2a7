// Which server a script belongs to, whatever the browser and the path.
import { expect, it } from "vitest";
import { fileIn, folderOf } from "./script";

it.each([
  ["Chromium", "Error: where\n    at serverOfScript (https://host:8443/panes/live-pane.js:1:2345)\n    at https://other/app.js:1:1"],
  ["Chromium, at the top level", "Error: where\n    at https://host:8443/panes/live-pane.js:1:2345"],
  ["Firefox", "serverOfScript@https://host:8443/panes/live-pane.js:1:2345\n@https://other/app.js:1:1\n"],
  ["a version in the address", "    at x (https://host:8443/panes/live-pane.js?v=2:1:2345)"],
])("%s", (_, stack) => {
  expect(folderOf(fileIn(stack))).toBe("https://host:8443/panes/");
});

it("a script without an address has no server", () => {
  expect(folderOf(fileIn("Error: where\n    at <anonymous>:1:1"))).toBeNull();
  expect(folderOf("blob:http://host/x")).toBeNull();
});
