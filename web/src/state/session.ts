// Who we are to the server: the roles decide which buttons make sense.
import { computed, shallowRef } from "vue";
import { request } from "./api";
import { onReconnect } from "./live";

interface Session {
  readonly roles: readonly string[];
  readonly version: string;
}

const session = shallowRef<Session | null>(null);

/** May open and close pages. False until the server has said so. */
export const isOperator = computed(() => session.value?.roles.some((role) => role === "operator" || role === "admin") ?? false);
/** The server has answered, and this browser is not signed in. */
export const isSignedOut = computed(() => session.value !== null && !isOperator.value);
export const version = computed(() => session.value?.version ?? null);

async function ask(): Promise<void> {
  try {
    session.value = await request<Session>("GET", "/api/session");
  } catch {
    // The banner already says that the server is away; what we knew stays until it answers again.
  }
}

onReconnect(() => void ask());
void ask();
