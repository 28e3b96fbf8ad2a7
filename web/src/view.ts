// The bare full-screen viewer of /view/{stream}: connects by itself, says how it is, and comes back by itself.
import "@/styles/view.css";
import type { ConnectionState } from "@/net/connection";
import { acquire } from "@/net/shared";
import { defineLivePane } from "@/player/element";

const words: Readonly<Record<ConnectionState["phase"], string>> = {
  connecting: "Connecting…",
  open: "Connected",
  reconnecting: "Disconnected",
  refused: "Disconnected",
};

/** `/view/alice` is short for `/view/producer:alice`. */
function streamOf(path: string): string {
  const name = decodeURIComponent(path.replace(/^\/view\/?/, ""));
  return name.includes(":") ? name : `producer:${name || "default"}`;
}

const stream = streamOf(location.pathname);
const token = new URLSearchParams(location.search).get("token");
document.title = `${stream} · Livepane`;

const pill = document.querySelector<HTMLElement>("#connection");
const { socket } = acquire(location.origin, token);

function tell(): void {
  if (pill === null) return;
  const { phase, reason, retryAt } = socket.state;
  const wait = retryAt === null ? 0 : Math.ceil((retryAt - Date.now()) / 1000);
  const retry = phase === "reconnecting" || phase === "refused" ? (wait > 1 ? ` · next try in ${wait} s` : " · trying again…") : "";
  pill.dataset.phase = phase;
  pill.textContent = words[phase] + (phase === "open" || reason === null ? "" : `: ${reason}`) + retry;
}

socket.on("connection", tell);
socket.on("stream", ({ id, title }) => {
  if (id === stream) document.title = `${title} · Livepane`;
});
socket.on("streams", (streams) => {
  document.title = `${streams.get(stream)?.title ?? stream} · Livepane`;
});
setInterval(tell, 1_000);
tell();

defineLivePane();
const pane = document.querySelector("live-pane");
pane?.setAttribute("token", token ?? "");
pane?.setAttribute("stream", stream);

addEventListener("keydown", (event) => {
  if (event.key !== "f" && event.key !== "F") return;
  if (document.fullscreenElement === null) void document.documentElement.requestFullscreen();
  else void document.exitFullscreen();
});
