// What is behind an address: one of ours, a server that takes plain pictures, something else, or nobody. And how to pair with ours.
import type { Found } from "../messages";
import { Failure } from "./failure";

const ANSWER_WITHIN_MS = 10_000;

export interface Place {
  readonly server: string;
  readonly token: string;
}

/** Ask a server something. Throws Failure when nobody answers. */
export async function call(place: Place, path: string, init: RequestInit = {}): Promise<Response> {
  const headers = new Headers(init.headers);
  if (place.token !== "") headers.set("Authorization", `Bearer ${place.token}`);
  try {
    return await fetch(`${place.server}${path}`, {
      ...init,
      headers,
      // The extension speaks for itself: the cookie of a dashboard in the same browser is somebody else's right.
      credentials: "omit",
      cache: "no-store",
      redirect: "error",
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
  } catch (error) {
    const slow = error instanceof DOMException && error.name === "TimeoutError";
    const how = slow ? `did not answer within ${ANSWER_WITHIN_MS / 1000} s` : "cannot be reached";
    throw new Failure("away", `${place.server} ${how}. Is the server running, and is the address right?`);
  }
}

/** What the server said was wrong: a string `error` (§3), or the detail of a problem. */
export async function errorOf(response: Response): Promise<string> {
  const body: unknown = await response.json().catch(() => null);
  if (typeof body === "object" && body !== null) {
    for (const key of ["error", "detail", "title"]) {
      const said = (body as Record<string, unknown>)[key];
      if (typeof said === "string" && said !== "") return said.slice(0, 500);
    }
  }
  return `the server answered ${response.status}`;
}

/** Find out what a server is, without sending it a picture. */
export async function find(place: Place): Promise<Found> {
  try {
    const response = await call(place, "/api/session");
    if (response.status === 401 || response.status === 403) return { kind: "refused", reason: refusal(await errorOf(response)) };
    if (response.status >= 500) return { kind: "away", reason: `${place.server} answered ${response.status}: ${await errorOf(response)}` };
    const session = response.ok ? ((await response.json().catch(() => null)) as unknown) : null;
    if (isSession(session)) {
      const mayPublish = session.roles.includes("producer");
      return { kind: "livepane", version: session.version, mayPublish, streams: session.streams };
    }
    return await plain(place);
  } catch (error) {
    if (error instanceof Failure) return { kind: "away", reason: error.message };
    throw error;
  }
}

/** §3 says what a server answers to a publication without a picture. */
async function plain(place: Place): Promise<Found> {
  const response = await call(place, "/publish", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: "{}",
  });
  if (response.status === 400) return { kind: "plain" };
  if (response.status === 401 || response.status === 403) return { kind: "refused", reason: refusal(await errorOf(response)) };
  return { kind: "other", reason: `Something answers at ${place.server}, but it is no server that takes pictures of tabs.` };
}

function refusal(said: string): string {
  return `The server refuses this token: ${said}`;
}

interface Session {
  version: string;
  roles: string[];
  streams: string[];
}

function isSession(body: unknown): body is Session {
  if (typeof body !== "object" || body === null) return false;
  const { version, roles, streams } = body as Record<string, unknown>;
  return typeof version === "string" && Array.isArray(roles) && Array.isArray(streams);
}

/** A code as somebody types it: `abcd efgh` is ABCD-EFGH. Null when it cannot be one. */
export function codeOf(text: string): string | null {
  const letters = text.toUpperCase().replace(/[\s-]/g, "");
  return /^[A-Z0-9]{8}$/.test(letters) ? `${letters.slice(0, 4)}-${letters.slice(4)}` : null;
}

/** Give the code that the dashboard shows; returns the token of this installation. Throws Failure. */
export async function pair(server: string, code: string, name: string): Promise<string> {
  const response = await call({ server, token: "" }, "/api/pair", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ code, name }),
  });
  if (!response.ok) throw new Failure("refused", await errorOf(response));
  const body = (await response.json().catch(() => null)) as { token?: unknown } | null;
  if (typeof body?.token !== "string" || body.token === "") throw new Failure("refused", "the server answered without a token");
  return body.token;
}
