// Who we are to the server: the roles decide which buttons make sense.
import { computed, ref, shallowRef } from "vue";
import { addressOf, request } from "./api";
import { onReconnect } from "./live";

export interface Session {
  readonly version: string;
  readonly roles: readonly string[];
  /** Patterns of streams that we are bound to; none: every stream. */
  readonly streams: readonly string[];
  /** Of the token that counted; null: none was shown. */
  readonly name: string | null;
  /** Server's clock, ms since the Unix epoch; null: it does not end by itself. */
  readonly expires_at: number | null;
  /** A cookie counted: there is something to sign out of. */
  readonly signed_in: boolean;
}

export const session = shallowRef<Session | null>(null);
/** Why this browser has to sign in (again), in the server's words. */
export const notice = ref("");

const has = (role: string): boolean => session.value?.roles.includes(role) ?? false;

/** May open and close pages. False until the server has said so. */
export const isOperator = computed(() => has("operator") || has("admin"));
/** May run jobs. */
export const mayScrape = computed(() => has("scraper") || isOperator.value);
export const isAdmin = computed(() => has("admin"));
/** True until the server has said otherwise: nobody is sent away because of a slow line. */
export const mayWatch = computed(() => session.value === null || has("viewer"));
export const isSignedIn = computed(() => session.value?.signed_in ?? false);
/** The server has answered, and this browser may not open or close anything. */
export const isSignedOut = computed(() => session.value !== null && !isOperator.value);
export const version = computed(() => session.value?.version ?? null);

/** Ask who we are. What we knew stays when the server is away: the banner says that already. */
export async function refresh(): Promise<void> {
  try {
    session.value = await request<Session>("GET", "api/session");
  } catch {
    // Asked again after the next hello.
  }
}

/** Settled when the server has answered for the first time, or cannot. */
export const asked = refresh();
onReconnect(() => void refresh());

/** Trade a token for the cookie of this browser. Throws ApiError. */
export async function signIn(token: string): Promise<void> {
  session.value = await request<Session>("POST", "api/session", { token });
}

/** Throws ApiError. Everything of the page starts anew, its socket too. */
export async function signOut(): Promise<void> {
  await request("DELETE", "api/session");
  startOver("signin?signed-out");
}

/** Load a page of the dashboard anew: sockets are opened with the rights that they will keep. */
export function startOver(path: string): void {
  location.assign(addressOf(path));
}
