import { describe, expect, it } from "vitest";
import { domainsIn } from "./domains";

describe("domains that somebody pastes", () => {
  it("come in lines, commas and links, in their order, as they were typed", () => {
    const { good, bad } = domainsIn(" acme.com, https://www.globex.example/careers?x=1\n\n'initech.co.uk';  <http://Umbrella.example:8080> \t\"münchen.example\"");
    expect(good).toEqual(["acme.com", "https://www.globex.example/careers?x=1", "initech.co.uk", "http://Umbrella.example:8080", "münchen.example"]);
    expect(bad).toEqual([]);
  });

  it("are taken once, however they are written", () => {
    expect(domainsIn("acme.com https://acme.com/ WWW.ACME.COM http://acme.com acme.com/jobs")).toEqual({ good: ["acme.com", "acme.com/jobs"], bad: [], repeated: 3 });
  });

  it("are refused with the reason when they are none", () => {
    const { good, bad } = domainsIn("acme localhost 10.0.0.1 [::1] ftp://acme.com me@acme.com -x-.com intranet.local a..b javascript:alert(1)");
    expect(good).toEqual([]);
    expect(bad.map(({ text }) => text)).toEqual(["acme", "localhost", "10.0.0.1", "::1", "ftp://acme.com", "me@acme.com", "-x-.com", "intranet.local", "a..b", "javascript:alert(1"]);
    expect(bad.every(({ why }) => why !== "")).toBe(true);
  });

  it("a port is no scheme", () => {
    expect(domainsIn("acme.com:8080 acme.com:8443/jobs").good).toHaveLength(2);
  });
});
