// A token goes into a header, never into an address: for each socket it is changed into a ticket that opens one, once.
import { Refusal, REFUSED_RETRY_MS } from "./refusal";
import { addressOf, socketUrl } from "./server";

/** The address of a viewer socket that this token opens, good for one attempt. Throws Refusal, or TypeError when nobody answers. */
export async function ticketed(server: string, token: string, signal?: AbortSignal): Promise<string> {
  const { ticket } = (await post(server, "api/tickets", token, signal)) as { ticket: string };
  const url = socketUrl(server);
  url.searchParams.set("ticket", ticket);
  return url.href;
}

/** What POST with a token answers. Throws Refusal when the server says no, Error when it cannot say anything. */
export async function post(server: string, path: string, token: string, signal: AbortSignal | null = null): Promise<unknown> {
  const response = await fetch(addressOf(server, path), {
    method: "POST",
    headers: { accept: "application/json", authorization: `Bearer ${token}` },
    // The token alone counts: a cookie of this browser has no say in what it opens.
    credentials: "omit",
    cache: "no-store",
    referrerPolicy: "no-referrer",
    signal,
  });
  const answer: unknown = await response.json().catch(() => null);
  if (response.ok) return answer;
  const said = typeof answer === "object" && answer !== null && "detail" in answer ? String(answer.detail) : "";
  switch (response.status) {
    case 401:
      throw new Refusal(4401, said);
    case 403:
      throw new Refusal(4403, said);
    case 404:
      throw new Refusal(4404, said);
    case 429:
      throw new Refusal(4400, said || "too many attempts", pauseOf(response));
  }
  throw new Error(said || `the server answered ${response.status}`);
}

/** As long as the server asks for, and never so short that it looks like an attack. */
function pauseOf(response: Response): number {
  const seconds = Number(response.headers.get("retry-after"));
  return Math.max(REFUSED_RETRY_MS, Number.isFinite(seconds) ? seconds * 1000 : 0);
}
