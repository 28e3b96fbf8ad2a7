"""What a job that works on elements takes when nobody watches, when it is watched, and when its elements are outlined, too."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

from benchmarks.parts import element_scraper
from benchmarks.parts.element_scraper import CARDS
from benchmarks.parts.livepane import Livepane
from benchmarks.parts.numbers import median, ratio
from benchmarks.parts.processes import Failed
from benchmarks.parts.quiet import undisturbed
from benchmarks.parts.report import Report
from livepane.wire import ack, frame_binary, messages

LATENCY = 0.08  # s, of every answer
FPS = 10.0
PATIENCE = 120.0  # s for one job
UNWATCHED, WATCHED, OUTLINED = "unwatched", "watched", "watched, with outlines"
WAYS = (UNWATCHED, WATCHED, OUTLINED)

_CARD = "<article><h2>Card {0}</h2><p>{1}</p><button onclick='more(this,{0})'>Details</button><input></article>"
PAGE = (
    "<!doctype html><title>Cards</title><style>body{margin:0;font:16px sans-serif}article{margin:20px;padding:16px;height:150px;"
    "border:1px solid #ccc;border-radius:8px}p{color:#555}.more{color:#063}</style>"
    "<script>async function more(button,n){const text=await(await fetch('/'+n)).text();"
    "const p=document.createElement('p');p.className='more';p.textContent=text;button.after(p)}</script>"
    + "".join(_CARD.format(number, "What is said of it in a few words. " * 6) for number in range(1, CARDS + 1))
)


@dataclass(frozen=True, slots=True)
class Run:
    """One job."""

    seconds: float  # that its steps took
    cpu: float  # s, of the server and its browser
    pictures: int  # that its viewers saw
    spots: int  # how often a viewer was told where the element is


def run(quick: bool) -> Iterator[Report]:
    """A server and a site of its own."""
    times = 3 if quick else 9
    plugin = str(Path(element_scraper.__file__))
    with _site() as url, Livepane(LIVEPANE_PLUGINS=plugin, LIVEPANE_ALLOW_PRIVATE_TARGETS="127.0.0.0/8") as server:
        _job(server, url, UNWATCHED)  # Chromium has started
        runs: dict[str, list[Run]] = defaultdict(list)
        for _ in range(times):
            for way in WAYS:
                runs[way].append(undisturbed(partial(_job, server, url, way)))
    report = Report(
        "highlight",
        f"Outlining what a job works on: {CARDS} cards, {3 * CARDS} steps",
        ["way", "s", "× unwatched", "CPU s", "pictures seen", "outlines told"],
    )
    middle = {way: median([one.seconds for one in runs[way]]) for way in WAYS}
    for way in WAYS:
        cpu, pictures, spots = (median([getattr(one, name) for one in runs[way]]) for name in ("cpu", "pictures", "spots"))
        report.row(way, middle[way], ratio(middle[way], middle[UNWATCHED]), cpu, int(pictures), int(spots))
    report.bar("time of a watched job with outlines beside an unwatched one", ratio(middle[OUTLINED], middle[UNWATCHED]), 1.1)
    report.bar("time with outlines beside the same watched without", ratio(middle[OUTLINED], middle[WATCHED]), 1.1)
    report.bar(
        "outlines told to the viewer, at least", median([one.spots for one in runs[OUTLINED]]), CARDS / 4, "", at_most=False
    )
    report.notes.append(
        f"Watched: a pane at {FPS:g} fps, and live screenshots. Every answer comes {LATENCY * 1000:g} ms late. Medians."
    )
    yield report


def _job(server: Livepane, url: str, way: str) -> Run:
    """One job, from the queue to its end.

    Raises:
        Failed: it did not succeed.
    """
    server.ask("PUT", "/api/settings", {"live_screenshots": {"highlight": way == OUTLINED}})
    seen = _Seen()
    used = server.cpu()
    job = int(server.ask("POST", "/api/jobs", {"kind": "elements", "target": url, "max_attempts": 1})["jobs"][0]["id"])
    with ExitStack() as stack:
        if way != UNWATCHED:
            stack.enter_context(_viewers(server, job, seen))
        _until_done(server, job)
    cpu = server.cpu() - used
    found = server.ask("GET", f"/api/jobs/{job}/items")["items"]
    return Run(found[0]["seconds"], cpu, seen.pictures, seen.spots)


def _until_done(server: Livepane, job: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        found = server.ask("GET", f"/api/jobs/{job}")
        if found["finished_at"] is not None:
            if found["state"] != "succeeded":
                raise Failed(f"the job {found['state']}: {found['error']}")
            return
        time.sleep(0.2)
    raise Failed(f"the job took longer than {PATIENCE:g} s")


@dataclass(slots=True)
class _Seen:
    pictures: int = 0
    spots: int = 0


@contextmanager
def _viewers(server: Livepane, job: int, seen: _Seen) -> Iterator[None]:
    """Two of them: a pane of the dashboard, and a client of live screenshots."""
    ending = threading.Event()
    base = f"ws://127.0.0.1:{server.port}"
    subprotocol = Subprotocol(messages.VIEWER_SUBPROTOCOL)

    def watch_pane() -> None:
        with connect(f"{base}/api/live", subprotocols=[subprotocol], max_size=None, proxy=None) as socket:
            wish = messages.Watch(pane=1, stream=f"job:{job}", fps=FPS, width=1280, highlight=True)
            socket.send(messages.encode(wish))
            for message in _all(socket, ending):
                if isinstance(message, bytes):
                    sent = frame_binary.decode(message)
                    frame = sent.frame
                    socket.send(ack.encode(messages.Ack(channel=sent.channel, epoch=frame.epoch, seq=frame.seq)))
                    seen.pictures += 1
                else:
                    seen.spots += '"type":"highlight"' in message and '"spot":null' not in message

    def watch_screenshots() -> None:
        with connect(f"{base}/ws/screenshots/{job}", max_size=None, proxy=None) as socket:
            for _ in _all(socket, ending):
                seen.pictures += 1

    threads = [threading.Thread(target=watch) for watch in (watch_pane, watch_screenshots)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        ending.set()
        for thread in threads:
            thread.join()


def _all(socket: ClientConnection, ending: threading.Event) -> Iterator[str | bytes]:
    while not ending.is_set():
        try:
            yield socket.recv(timeout=0.2)
        except TimeoutError:
            continue
        except ConnectionClosed:
            return


@contextmanager
def _site() -> Iterator[str]:
    """The page with the cards, and their details."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            time.sleep(LATENCY)
            body = PAGE.encode() if self.path == "/" else f"Details of {self.path[1:]}".encode()
            self.send_response(404 if self.path == "/robots.txt" else 200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()
