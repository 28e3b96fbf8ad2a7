// Streams and connection of this page's socket, as values that views follow.
import { computed, ref, shallowRef, triggerRef } from "vue";
import type { ActionModel, Budget, StreamModel } from "@/gen/messages";
import type { ConnectionState } from "@/net/connection";
import { ownServer } from "@/net/server";
import { acquire } from "@/net/shared";

const { socket } = acquire(ownServer(), null);

export const connection = shallowRef<ConnectionState>(socket.state);
/** Whether the list of streams has come at least once. */
export const isListed = ref(false);
const byId = shallowRef<ReadonlyMap<string, StreamModel>>(socket.streams);
const actionsById = shallowRef<ReadonlyMap<string, readonly ActionModel[]>>(socket.actions);

/** What all captures may cost; null until the server has said so. */
export const budget = shallowRef<Budget | null>(null);

export const streams = computed<readonly StreamModel[]>(() => [...byId.value.values()]);
export const streamOf = (id: string): StreamModel | undefined => byId.value.get(id);
/** Oldest first. Known for streams that this page has watched. */
export const actionsOf = (id: string): readonly ActionModel[] => actionsById.value.get(id) ?? [];
export const retryNow = (): void => socket.retryNow();
export const roundTrip = (): number | null => socket.clock.roundTrip;
/** Server's clock to this machine's, for times that a person reads. */
export const toLocal = (serverMs: number): Date => new Date(serverMs - socket.clock.offset);
/** ms that the server's clock is ahead of ours. */
export const clockOffset = (): number => socket.clock.offset;
export const serverNow = (): number => socket.clock.now();

socket.on("connection", (state) => {
  connection.value = state;
  if (state.phase !== "open") budget.value = null;
});
socket.on("streams", () => {
  isListed.value = true;
  triggerRef(byId);
});
socket.on("stream", soon);
socket.on("removed", soon);
socket.on("budget", (now) => (budget.value = now));
socket.on("action", () => triggerRef(actionsById));

let isDue = false;

/** Thirty streams that change at once are one change of the page: with the next picture of the screen, or soon when nobody looks. */
function soon(): void {
  if (isDue) return;
  isDue = true;
  const flush = (): void => {
    isDue = false;
    triggerRef(byId);
  };
  if (document.hidden) setTimeout(flush, 100);
  else requestAnimationFrame(flush);
}

/** Calls back after each hello: a new socket, perhaps a new server. */
export function onReconnect(callback: () => void): void {
  socket.on("streams", callback);
}
