// Sends one picture over HTTP, as §3 of the wire has it: to any compatible server.
import { dataUrlOf, type Shot } from "../capture/picture";
import { Failure } from "./failure";
import { call, errorOf, type Place } from "./server";

export interface About {
  /** Of the stream, without its kind. */
  readonly source: string;
  readonly title: string;
  readonly url: string;
  /** ms until the next one, where there is a next one: our server tells late from quiet by it. */
  readonly every: number | null;
}

/** Send a picture. Throws Failure. */
export async function publish(place: Place, shot: Shot, about: About): Promise<void> {
  const response = await call(place, "/publish", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({
      frame: dataUrlOf(shot),
      source: about.source,
      title: about.title,
      url: about.url,
      timestamp: new Date(shot.at).toISOString(),
      masked: shot.masked,
      ...(about.every === null ? {} : { every_ms: about.every }),
    }),
  });
  if (response.ok) return;
  const said = await errorOf(response);
  switch (response.status) {
    case 401:
    case 403:
      throw new Failure("refused", `The server refuses this token: ${said}`);
    case 429:
      throw new Failure("busy", `The server asks for fewer pictures: ${said}`, retryAfter(response));
    case 400:
    case 404:
    case 405:
    case 413:
    case 415:
    case 422:
      throw new Failure("refused", `The server did not take the picture: ${said}`);
    default:
      throw new Failure("away", `The server cannot take pictures now: ${said}`, retryAfter(response));
  }
}

function retryAfter(response: Response): number | null {
  const seconds = Number(response.headers.get("Retry-After") ?? "");
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : null;
}
