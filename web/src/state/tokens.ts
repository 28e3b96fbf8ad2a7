// Tokens, share links, invites and sessions, as the server lists them.
import { request } from "./api";

export type TokenKind = "token" | "share" | "invite" | "session";
export type TokenState = "active" | "expired" | "revoked" | "used up";

/** Never holds a secret. Times: server's clock, ms since the Unix epoch. */
export interface Token {
  readonly id: string;
  readonly kind: TokenKind;
  readonly name: string;
  readonly roles: readonly string[];
  /** Patterns; none: every stream. */
  readonly streams: readonly string[];
  readonly created_at: number;
  readonly expires_at: number | null;
  readonly revoked_at: number | null;
  readonly last_used_at: number | null;
  readonly uses: number;
  readonly max_uses: number | null;
  readonly state: TokenState;
}

export interface NewToken {
  readonly name: string;
  readonly roles: readonly string[];
  readonly streams: readonly string[];
  readonly expires_in_seconds: number | null;
}

export interface NewShare {
  readonly stream: string;
  readonly expires_in_seconds: number;
  readonly uses: number | null;
  readonly name?: string;
}

/** `token` is the secret: it is told this once. */
export interface MadeToken {
  readonly token: string;
  readonly info: Token;
}
export interface MadeShare extends MadeToken {
  readonly url: string;
}
export interface MadeInvite extends MadeToken {
  readonly stream: string;
  readonly command: string;
}

export const KIND_NAMES: Readonly<Record<TokenKind, string>> = { token: "Token", share: "Share link", invite: "Invite", session: "Session" };

export async function listTokens(withSessions: boolean): Promise<readonly Token[]> {
  return (await request<{ tokens: readonly Token[] }>("GET", `api/tokens${withSessions ? "?sessions=true" : ""}`)).tokens;
}
export const createToken = (wanted: NewToken): Promise<MadeToken> => request("POST", "api/tokens", wanted);
export const revokeToken = (id: string): Promise<unknown> => request("DELETE", `api/tokens/${encodeURIComponent(id)}`);

export async function listShares(stream: string): Promise<readonly Token[]> {
  return (await request<{ shares: readonly Token[] }>("GET", `api/shares?stream=${encodeURIComponent(stream)}`)).shares;
}
/** Links and invites that were made with the token that we are signed in with. */
export async function listMine(): Promise<readonly Token[]> {
  return (await request<{ shares: readonly Token[] }>("GET", "api/shares?mine=true")).shares;
}
export const createShare = (wanted: NewShare): Promise<MadeShare> => request("POST", "api/shares", wanted);
export const revokeShare = (id: string): Promise<unknown> => request("DELETE", `api/shares/${encodeURIComponent(id)}`);
export const createInvite = (name: string, seconds: number): Promise<MadeInvite> => request("POST", "api/invites", { name, expires_in_seconds: seconds });
