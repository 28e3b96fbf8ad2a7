// Requests to the server. A refusal becomes an ApiError whose message is the server's own sentence.

export class ApiError extends Error {
  override readonly name = "ApiError";

  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** The JSON answer, or null when there is none. Throws ApiError; status 0 when the server cannot be reached. */
export async function request<T>(method: "GET" | "POST" | "DELETE", path: string, body?: unknown): Promise<T> {
  const headers = new Headers({ accept: "application/json" });
  const init: RequestInit = { method, headers };
  if (body !== undefined) {
    headers.set("content-type", "application/json");
    init.body = JSON.stringify(body);
  }
  let response: Response;
  try {
    response = await fetch(path, init);
  } catch {
    throw new ApiError(0, "The server cannot be reached. Is it running?");
  }
  const answer: unknown = await response.json().catch(() => null);
  if (!response.ok) throw new ApiError(response.status, sentence(response, answer));
  return answer as T;
}

/** `detail` of application/problem+json, or what comes closest. */
function sentence(response: Response, answer: unknown): string {
  if (typeof answer === "object" && answer !== null) {
    const { detail, title, error } = answer as Record<string, unknown>;
    for (const text of [detail, error, title]) if (typeof text === "string" && text !== "") return text;
  }
  return `The server answered ${response.status} ${response.statusText}`.trim();
}
