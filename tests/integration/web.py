"""A small web site on loopback, a Chromium pool, and a capture that records: what tests of pages are made of."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import numpy as np
import simplejpeg

from livepane.browsers.pool import BrowserPool
from livepane.browsers.session import CdpSession
from livepane.domain.demand import Demand
from livepane.domain.frame import Picture
from livepane.domain.ports import Source
from tests.integration.watching import Recorder
from tests.patience import PATIENCE

PAGES = {
    "/painting": "<title>Painting</title><style>body{margin:0}</style><canvas id=c width=1280 height=720></canvas><script>"
    "let painted=0;const pen=c.getContext('2d');setInterval(()=>{painted+=1;pen.fillStyle=`hsl(${painted*7%360} 80% 50%)`;"
    "pen.fillRect(0,0,1280,720)},33)</script>",
    "/static": "<title>Static</title><body style='background:#204060'><h1>still</h1>",
    "/red": "<title>Red</title><body style='background:#ff0000'>",
    "/blue": "<title>Blue</title><body style='background:#0000ff'>",
    "/busy-then-green": "<title>Soon green</title><script>let n=0;const t=setInterval(()=>{n+=1;"
    "document.body.style.background=n<40?`rgb(${n*6} 0 ${255-n*6})`:'#00ff00';if(n==40)clearInterval(t)},16)</script><body>",
    "/dialog": "<title>Before</title><script>setTimeout(()=>{alert('hello');document.title='After';"
    "document.body.style.background='#00ff00'},50)</script><body style='background:#ff0000'>",
    "/titles": "<title>First</title><body>",
}


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path == "/download":
            self.send_response(200)
            self.send_header("Content-Disposition", "attachment; filename=x.bin")
            body = b"x" * 10
        elif self.path == "/never":
            self.server.stopping.wait(60)  # type: ignore[attr-defined]
            return
        else:
            body = PAGES.get(self.path.partition("?")[0], "<title>Nothing</title>").encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        pass


@contextmanager
def site() -> Iterator[str]:
    """The pages above; the value is their base, such as http://127.0.0.1:41234."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as server:
        server.daemon_threads = True
        server.stopping = threading.Event()  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.stopping.set()  # type: ignore[attr-defined]
            server.shutdown()
            thread.join()


@contextmanager
def refusing_port() -> Iterator[int]:
    """A port where nobody listens, kept from others by being bound."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield bound.getsockname()[1]


@asynccontextmanager
async def browsing(*, idle_after: float = 60.0) -> AsyncIterator[tuple[BrowserPool, str]]:
    """A pool, and the base of the site."""
    with site() as base:
        pool = BrowserPool(idle_after=idle_after)
        try:
            yield pool, base
        finally:
            await pool.close()


class PageWish:
    """A DemandSignal that a test changes."""

    def __init__(self, fps: float = 30.0, **more: Any) -> None:
        self.now = Demand(fps, **more)
        self._changed = asyncio.Event()

    def change(self, fps: float = 30.0, **more: Any) -> None:
        self.now = Demand(fps, **more)
        self._changed.set()

    async def changed(self) -> Demand:
        self._changed.clear()
        await self._changed.wait()
        return self.now


@asynccontextmanager
async def captured(source: Source, wish: PageWish | None = None) -> AsyncIterator[Recorder]:
    """Capture for the length of a block; the source stays open."""
    recorder = Recorder()
    task = asyncio.get_running_loop().create_task(source.capture(recorder, wish or PageWish()), name="capture in a test")
    recorder.capture = task
    task.add_done_callback(lambda _: recorder._something.set())
    try:
        yield recorder
    finally:
        task.cancel()
        await asyncio.wait([task])


async def evaluate(session: CdpSession, expression: str, **more: object) -> Any:
    """The value of a JavaScript expression in the page, by way of JSON."""
    answer = await session.send("Runtime.evaluate", {"expression": f"JSON.stringify({expression})", **more})
    value = answer["result"].get("value")
    return None if value is None else json.loads(value)


async def until(condition: Callable[[], bool], *, within: float = PATIENCE) -> None:
    """Wait for something that tells nobody when it happens, such as the end of a process."""
    async with asyncio.timeout(within):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0.02)


def heard(session: CdpSession, event: str) -> asyncio.Queue[dict[str, Any]]:
    """Every `event` of a session from now on."""
    events: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    session.on(event, events.put_nowait)
    return events


def colour(picture: Picture) -> str:
    """The colour in the middle of a JPEG, to the nearest of eight: 'ff0000' for any strong red."""
    pixels = simplejpeg.decode_jpeg(picture.data)
    middle = np.asarray(pixels)[picture.height // 2, picture.width // 2]
    return "".join("ff" if value > 127 else "00" for value in middle)
