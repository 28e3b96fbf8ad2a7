// Requests to the server. A refusal becomes an ApiError whose message is the server's own sentence.

export class ApiError extends Error {
  override readonly name = "ApiError";

  constructor(
    readonly status: number,
    message: string,
    /** Seconds that the server asks us to wait before the next attempt; null when it does not say. */
    readonly retryAfter: number | null = null,
  ) {
    super(message);
  }
}

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** The address of a path of this server, also when the dashboard lies below a prefix. */
export function addressOf(path: string, base: string = document.baseURI): string {
  // A path such as "page:x" must not be read as a scheme, nor "//host" as another machine.
  return new URL(`./${path.replace(/^\/+/, "")}`, base).href;
}

/** The JSON answer, or null when there is none. Throws ApiError; status 0 when the server cannot be reached. */
export async function request<T>(method: Method, path: string, body?: unknown, more: Readonly<Record<string, string>> = {}): Promise<T> {
  const headers = new Headers({ accept: "application/json", ...more });
  const init: RequestInit = { method, headers };
  if (body !== undefined) {
    headers.set("content-type", "application/json");
    init.body = JSON.stringify(body);
  }
  let response: Response;
  try {
    response = await fetch(addressOf(path), init);
  } catch {
    throw new ApiError(0, "The server cannot be reached. Is it running?");
  }
  const answer: unknown = await response.json().catch(() => null);
  if (!response.ok) throw refusal(response, answer);
  return answer as T;
}

/** What a refused answer says. */
export function refusal(response: Response, answer: unknown): ApiError {
  const wait = Number(response.headers.get("retry-after") ?? Number.NaN);
  return new ApiError(response.status, sentence(response, answer), Number.isFinite(wait) ? wait : null);
}

/** The sentence for a person, whatever was thrown. The server's begin small, as they stand in a log; a name of a field stays as it is. */
export function sentenceOf(caught: unknown): string {
  const text = caught instanceof Error ? caught.message : String(caught);
  return /^[a-z]+ (?!=)/.test(text) ? text.charAt(0).toUpperCase() + text.slice(1) : text;
}

/** `detail` of application/problem+json, or what comes closest. */
function sentence(response: Response, answer: unknown): string {
  if (typeof answer === "object" && answer !== null) {
    const { detail, title, error } = answer as Record<string, unknown>;
    for (const text of [detail, error, title]) if (typeof text === "string" && text !== "") return text;
  }
  return `The server answered ${response.status} ${response.statusText}`.trim();
}
