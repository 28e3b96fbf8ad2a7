// The invite that waits for its machine; kept while the dialog is closed, so that the command can be looked at again.
import { shallowRef } from "vue";
import { createInvite, type MadeInvite, revokeShare } from "./tokens";

export const INVITE_SECONDS = 8 * 3600;

export const invite = shallowRef<MadeInvite | null>(null);

/** Throws ApiError. */
export async function ask(name: string): Promise<void> {
  invite.value = await createInvite(name, INVITE_SECONDS);
}

/** The command stops working. Throws ApiError. */
export async function cancel(): Promise<void> {
  if (invite.value === null) return;
  await revokeShare(invite.value.info.id);
  invite.value = null;
}
