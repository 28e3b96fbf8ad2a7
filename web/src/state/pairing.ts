// The code that waits for its browser; kept while the dialog is closed, so that it can be looked at again.
import { shallowRef } from "vue";
import { ApiError, request } from "./api";

export type PairingState = "waiting" | "paired" | "expired";

export interface Pairing {
  readonly code: string;
  readonly id: string;
  readonly state: PairingState;
  /** Of the browser that has used it: its streams are `tab:NAME-1`, `tab:NAME-2` … */
  readonly name: string | null;
  /** ms since the Unix epoch, in this machine's clock. */
  readonly until: number;
}

interface Made {
  readonly code: string;
  readonly id: string;
  readonly expires_in_seconds: number;
}

export const pairing = shallowRef<Pairing | null>(null);

/** Throws ApiError. */
export async function makePairing(): Promise<void> {
  const made = await request<Made>("POST", "api/pairings");
  pairing.value = { code: made.code, id: made.id, state: "waiting", name: null, until: Date.now() + made.expires_in_seconds * 1000 };
}

/** What has become of it by now. Throws ApiError, but not when the server has forgotten it. */
export async function lookAtPairing(): Promise<void> {
  const asked = pairing.value;
  if (asked === null || asked.state !== "waiting") return;
  let now: { state: PairingState; name: string | null };
  try {
    now = await request("GET", `api/pairings/${encodeURIComponent(asked.id)}`);
  } catch (caught) {
    if (!(caught instanceof ApiError) || caught.status !== 404) throw caught;
    now = { state: "expired", name: null }; // such as after a restart
  }
  if (pairing.value === asked) pairing.value = { ...asked, state: now.state, name: now.name ?? null };
}

/** The newest of the streams that a paired browser feeds; null while there is none. */
export function streamOfBrowser(name: string, streams: readonly { readonly id: string; readonly state: string }[]): string | null {
  const shared = streams.filter(({ id, state }) => (id === `tab:${name}` || id.startsWith(`tab:${name}-`)) && state !== "gone" && state !== "reconnecting");
  return shared.at(-1)?.id ?? null;
}
