// Addresses of a server that may live below a path.
import { expect, it } from "vitest";
import { addressOf, socketUrl } from "./server";

it("a server's path is kept, with and without a slash at its end", () => {
  expect(socketUrl("https://host/panes").href).toBe("wss://host/panes/api/live");
  expect(socketUrl("http://host:8000/").href).toBe("ws://host:8000/api/live");
  expect(addressOf("https://host/panes/", "api/tickets").href).toBe("https://host/panes/api/tickets");
});

it("what follows the path is not part of a server's address", () => {
  expect(socketUrl("http://host/panes?token=secret#token=secret").href).toBe("ws://host/panes/api/live");
});

it("what is no address is a TypeError", () => {
  expect(() => socketUrl("nowhere")).toThrow(TypeError);
});
