import { expect, test } from "vitest";
import { imageSnippet, isLoopback, livePaneSnippet, tokenSnippets } from "./snippets";

const SERVER = "https://panes.example.org/live";

test("addresses that lead to this machine only are known", () => {
  for (const address of ["http://localhost:8000", "http://127.0.0.1", "http://127.3.2.1:1/x", "http://[::1]:8000", "http://a.localhost"]) expect(isLoopback(address)).toBe(true);
  for (const address of ["http://192.168.1.4:8000", "https://example.org", "http://127.example.org", "http://localhost.example.org"]) expect(isLoopback(address)).toBe(false);
});

test("what a token is for follows its roles", () => {
  const labels = (...roles: string[]): string[] => tokenSnippets("posix", "T", roles, [], SERVER).map(({ label }) => label);
  expect(labels("viewer")).toEqual(["Sign in", "Picture"]);
  expect(labels("producer")).toEqual(["Share a screen", "Script"]);
  expect(labels("admin")).toEqual(["Sign in", "Picture", "Share a screen", "Script", "Open a page"]);
  expect(labels("scraper")).toEqual(["Jobs"]);
});

test("only a token that watches named streams is offered for other people's pages", () => {
  const embeds = (roles: string[], streams: string[]): boolean => tokenSnippets("posix", "T", roles, streams, SERVER).some(({ label }) => label === "Embed");
  expect(embeds(["viewer"], ["page:k3f9"])).toBe(true);
  expect(embeds(["viewer"], ["page:*"])).toBe(false);
  expect(embeds(["viewer"], [])).toBe(false);
  expect(embeds(["viewer", "operator"], ["page:k3f9"])).toBe(false);
});

test("a snippet names the stream that the token is bound to", () => {
  const [share] = tokenSnippets("posix", "T", ["producer"], ["producer:alice's laptop"], SERVER);
  expect(share?.code).toContain(String.raw`--name 'alice'\''s laptop'`);
  const [windows] = tokenSnippets("powershell", "T", ["producer"], ["producer:alice's laptop"], SERVER);
  expect(windows?.code).toBe(`$env:LIVEPANE_TOKEN='T'; livepane share --server ${SERVER} --name 'alice''s laptop'`);
  expect(tokenSnippets("posix", "T", ["viewer"], ["page:k3f9"], SERVER).map(({ code }) => code).join()).toContain("/streams/page:k3f9.jpg");
});

test("every command is written for the shell that was chosen", () => {
  for (const { label, code } of tokenSnippets("powershell", "T", ["admin"], [], SERVER)) {
    if (label !== "Sign in") expect(code).toMatch(/^(\$env:LIVEPANE_|curl\.exe )/);
    expect(code).not.toContain("\\");
  }
});

test("names from outside cannot leave their attribute", () => {
  expect(livePaneSnippet('producer:"><script>', "T", SERVER)).toContain('stream="producer:&quot;>&lt;script>"');
  expect(imageSnippet("producer:a b", "T", SERVER)).toContain("/streams/producer%3Aa%20b.mjpeg?token=T");
});
