// What the bare viewer says.
import type { ConnectionState } from "@/net/connection";

const PHASES: Readonly<Record<ConnectionState["phase"], string>> = {
  connecting: "Connecting…",
  open: "Connected",
  reconnecting: "Disconnected",
  refused: "Disconnected",
};

/** How the connection is, and why. */
export function phaseWords({ phase, reason }: ConnectionState): string {
  return PHASES[phase] + (phase === "open" || reason === null ? "" : `: ${reason}`);
}

/** When the next attempt is. */
export function retryWords({ phase, retryAt }: ConnectionState, now: number): string {
  if (phase !== "reconnecting" && phase !== "refused") return "";
  const wait = retryAt === null ? 0 : Math.ceil((retryAt - now) / 1000);
  return wait > 1 ? ` · next try in ${wait} s` : " · trying again…";
}

/** Why a link opens nothing any more, from the server's sentence. */
export function linkWords(said: string): string {
  if (/expired/.test(said)) return "This link has expired";
  if (/revoked|does not exist/.test(said)) return "This link was revoked";
  if (/could be opened/.test(said)) return "This link is used up";
  return "This link does not work";
}

/** How long a link goes on to work: `2 d 3 h`, `1 h 5 min`, `4 min`, `42 s`. */
export function leftWords(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  return hours % 24 === 0 ? `${hours / 24} d` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}
