// What the address of a bare viewer means.
import { describe, expect, it } from "vitest";
import { BadPlace, placeOf } from "./place";

const SERVED = "https://host/panes/";

describe("served by a server", () => {
  it("the path names the stream, and a bare name is a producer's", () => {
    expect(placeOf("https://host/panes/view/page:k3f9", SERVED, [])).toMatchObject({ server: SERVED, stream: "page:k3f9" });
    expect(placeOf("https://host/panes/view/al%20ice", SERVED, []).stream).toBe("producer:al ice");
    expect(placeOf("https://host/panes/view/", SERVED, []).stream).toBe("producer:default");
    expect(placeOf("https://host/panes/view/100%", SERVED, []).stream).toBe("producer:100%");
  });

  it("no link makes it show another server", () => {
    expect(placeOf("https://host/panes/view/a?server=https://evil.example", SERVED, []).server).toBe(SERVED);
  });

  it("what is behind # is handed over, what is in the query stays there, and `null` is no token", () => {
    const place = placeOf("https://host/panes/view/a?token=plain#token=secret", SERVED, []);
    expect(place).toMatchObject({ handed: "secret", token: "plain" });
    expect(placeOf("https://host/panes/view/a?token=null#token=", SERVED, [])).toMatchObject({ handed: null, token: null });
  });
});

describe("a copy on another web site", () => {
  const COPY = "https://site.example/watch/view.html";
  const SERVERS = ["https://host/panes", "https://other.example"];

  it("shows the first server that the page names, or the one of them that the link asks for", () => {
    expect(placeOf(`${COPY}?stream=page:a`, COPY, SERVERS)).toMatchObject({ server: "https://host/panes", stream: "page:a" });
    expect(placeOf(`${COPY}?stream=page:a&server=https://other.example/`, COPY, SERVERS).server).toBe("https://other.example");
  });

  it("shows no other one, and says so", () => {
    for (const server of ["https://evil.example", "https://host.evil.example/panes", "javascript:alert(1)", "nothing"]) {
      expect(() => placeOf(`${COPY}?stream=a&server=${encodeURIComponent(server)}`, COPY, SERVERS)).toThrow(BadPlace);
    }
  });
});
