"""What is on the wall while the pictures are taken: every part is real, only the pages are made up."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGES = Path(__file__).parent / "pages"
SIZE = "1280x720"

# What somebody's own script may look like: it drives the page of the demo, and says what it does.
SCRIPT = """
import asyncio, shutil, sys
import livepane
from playwright.async_api import async_playwright

async def main():
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=shutil.which("chromium"))
        page = await browser.new_page(viewport={"width": 1280, "height": 720})
        async with livepane.watch(page, name="checkout", title="Checkout test"):
            await page.goto(sys.argv[1])
            while True:
                livepane.action("Filling username")
                await page.locator("#username").press_sequentially("ada.winter", delay=150)
                livepane.action("Filling e-mail")
                await page.locator("#email").press_sequentially("ada@example.org", delay=150)
                livepane.action("Filling home harbour")
                await page.locator("#harbour").press_sequentially("Heron Quay", delay=150)
                await asyncio.sleep(2)
                await page.reload()

asyncio.run(main())
"""


class Scene:
    """A running server with something on its wall."""

    def __init__(self, sign_in: str, folder: Path) -> None:
        self.sign_in = sign_in
        self.url = sign_in.partition("/signin")[0]
        self.folder = folder
        self.token = (folder / "data" / "admin-token").read_text().strip()


@contextmanager
def scene() -> Iterator[Scene]:
    """Everything is started here and ended here."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="livepane-shots-", ignore_cleanup_errors=True)))
        site = stack.enter_context(_site())
        display = stack.enter_context(_display())
        stack.enter_context(_process(*_browser(folder / "one", f"{site}/log.html", "40,40", "760,520"), DISPLAY=display))
        stack.enter_context(_process(*_browser(folder / "two", f"{site}/chart.html", "640,230", "600,450"), DISPLAY=display))
        away = stack.enter_context(_display())
        stack.enter_context(_process(*_browser(folder / "away", f"{site}/radar.html", "0,0", "1280,720"), DISPLAY=away))
        livepane = (sys.executable, "-m", "livepane.cli")
        here = {"LIVEPANE_DATA_DIR": str(folder / "data"), "PYTHONUNBUFFERED": "1"}
        server = stack.enter_context(_process(*livepane, "serve", "--demo", "--port", "0", DISPLAY=display, **here))
        found = Scene(_sign_in(server), folder)
        stack.enter_context(_process(*livepane, "share", "--name", "control-room", DISPLAY=away, **here))
        stack.enter_context(_process(sys.executable, "-c", SCRIPT, f"{found.url}/demo/driven.html", **here))
        subprocess.run([*livepane, "watch", "--json", f"{site}/chart.html"], env={**os.environ, **here}, check=True, cwd=ROOT)
        yield found


@contextmanager
def _site() -> Iterator[str]:
    class Silent(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Silent, directory=str(PAGES))) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, name="site")
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def _display() -> Iterator[str]:
    """An X display with a window manager."""
    reading, writing = os.pipe()
    command = [program("Xvfb"), "-displayfd", str(writing), "-screen", "0", f"{SIZE}x24", "-nolisten", "tcp", "-noreset"]
    server = subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL)
    os.close(writing)
    try:
        with os.fdopen(reading) as said:
            name = f":{said.readline().strip()}"
        with _process(program("openbox"), "--sm-disable", DISPLAY=name):
            yield name
    finally:
        server.terminate()
        server.wait()


@contextmanager
def _process(*command: str, **variables: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        command, env={**os.environ, **variables}, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=ROOT
    )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdout:
            process.stdout.close()


def _browser(profile: Path, url: str, place: str, size: str) -> Iterator[str]:
    yield program("chromium")
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        yield "--no-sandbox"
    yield from (
        "--no-first-run",
        "--disable-gpu",
        "--test-type",  # no bar that warns of --no-sandbox
        f"--user-data-dir={profile}",
        f"--app={url}",
        f"--window-position={place}",
    )
    yield f"--window-size={size}"


def _sign_in(server: subprocess.Popen[str]) -> str:
    assert server.stdout
    for line in server.stdout:
        if match := re.search(r"http\S+/signin\?token=\S+", line):
            return match.group()
    raise SystemExit("the server ended before it served")


def program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise SystemExit(f"the pictures need {name}; on Debian: apt-get install {name.lower()}")
    return found
