// Why something could not be sent, and what that means for the next attempt.

/** `away`: come back with back-off. `busy`: it says when. `refused`: it will say the same until somebody changes something. */
export type Why = "away" | "busy" | "refused";

export class Failure extends Error {
  override readonly name = "Failure";

  constructor(
    readonly why: Why,
    /** For a person: what is wrong and what would mend it. */
    message: string,
    /** ms that the server asks us to wait. */
    readonly after: number | null = null,
  ) {
    super(message);
  }
}

/** Whatever was thrown, as a failure. */
export function failureOf(error: unknown): Failure {
  return error instanceof Failure ? error : new Failure("away", error instanceof Error ? error.message : String(error));
}
