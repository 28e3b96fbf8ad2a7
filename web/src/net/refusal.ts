// The server said no, and said why.

export const REFUSED_RETRY_MS = 30_000;

/** What a page does about it depends on which no it is: numbered like the close codes of the socket. */
export type RefusalCode = 4400 | 4401 | 4403 | 4404;

const WORDS: Readonly<Record<RefusalCode, string>> = {
  4400: "the request was refused",
  4401: "the link or token has expired, was revoked, or is not known",
  4403: "this token may not watch this",
  4404: "there is nothing here to watch",
};

export class Refusal extends Error {
  override readonly name = "Refusal";

  /** `said`: the server's own words, if it has any. Text from outside. */
  constructor(
    readonly code: RefusalCode,
    said = "",
    readonly retryMs = REFUSED_RETRY_MS,
  ) {
    super(said || WORDS[code]);
  }

  /** The refusal that a close code means; null when it means none. */
  static of(closeCode: number, said: string): Refusal | null {
    return closeCode in WORDS ? new Refusal(closeCode as RefusalCode, said) : null;
  }
}
