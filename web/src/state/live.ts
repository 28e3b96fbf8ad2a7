// Streams and connection of this page's socket, as values that views follow.
import { computed, ref, shallowRef, triggerRef } from "vue";
import type { ActionModel, StreamModel } from "@/gen/messages";
import type { ConnectionState } from "@/net/connection";
import { acquire } from "@/net/shared";

const { socket } = acquire(location.origin, null);

export const connection = shallowRef<ConnectionState>(socket.state);
/** Whether the list of streams has come at least once. */
export const isListed = ref(false);
const byId = shallowRef<ReadonlyMap<string, StreamModel>>(socket.streams);
const actionsById = shallowRef<ReadonlyMap<string, readonly ActionModel[]>>(socket.actions);

export const streams = computed<readonly StreamModel[]>(() => [...byId.value.values()]);
export const streamOf = (id: string): StreamModel | undefined => byId.value.get(id);
/** Oldest first. Known for streams that this page has watched. */
export const actionsOf = (id: string): readonly ActionModel[] => actionsById.value.get(id) ?? [];
export const retryNow = (): void => socket.retryNow();
export const roundTrip = (): number | null => socket.clock.roundTrip;
/** Server's clock to this machine's, for times that a person reads. */
export const toLocal = (serverMs: number): Date => new Date(serverMs - socket.clock.offset);
export const serverNow = (): number => socket.clock.now();

socket.on("connection", (state) => (connection.value = state));
socket.on("streams", () => {
  isListed.value = true;
  triggerRef(byId);
});
socket.on("stream", () => triggerRef(byId));
socket.on("removed", () => triggerRef(byId));
socket.on("action", () => triggerRef(actionsById));

/** Calls back after each hello: a new socket, perhaps a new server. */
export function onReconnect(callback: () => void): void {
  socket.on("streams", callback);
}
