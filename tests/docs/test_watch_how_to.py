"""The script of the how-to for Playwright, run as it stands but for the page that it opens and where Chromium lies."""

from __future__ import annotations

import asyncio
import http.server
import shutil
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.docs.blocks import DOCS, blocks
from tests.integration.wall import wall_of
from tests.serving import Server, environment, server

__all__ = ["server"]

PAGE = b'<!doctype html><title>Sign in</title><label>User name <input id="name"></label>'


LOOKED = threading.Event()


class _Login(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        """The page that the script of the how-to wants, once somebody looks: it is a short script."""
        LOOKED.wait(50)
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(PAGE)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def login() -> Iterator[str]:
    """The address of a page with a field called User name."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Login) as site:
        site.daemon_threads = True
        thread = threading.Thread(target=site.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{site.server_port}/login"
        site.shutdown()
        thread.join()


async def test_the_script_of_the_how_to_is_seen_with_its_title_and_its_label(server: Server, login: str, tmp_path: Path) -> None:
    (script,) = [block for block in blocks(DOCS / "howto" / "watch-a-playwright-script.md") if block.language == "python"]
    assert "https://example.org/login" in script.text
    assert "chromium.launch()" in script.text
    text = script.text.replace("https://example.org/login", login)
    text = text.replace("chromium.launch()", f"chromium.launch(executable_path={shutil.which('chromium')!r})")
    (tmp_path / "script.py").write_text(text)
    async with wall_of(server.url) as wall:
        running = await asyncio.create_subprocess_exec(
            sys.executable, "script.py", cwd=tmp_path, env=environment(tmp_path, LIVEPANE_SERVER=server.url)
        )
        try:
            await wall.until(lambda: any(one.title == "sign-in check" for one in wall.streams.values()))
            (stream,) = [one.id for one in wall.streams.values() if one.title == "sign-in check"]
            assert stream.startswith("page:script-")
            LOOKED.set()
            assert await wall.newest_label(stream) == "Filling username"
            assert await running.wait() == 0
            await wall.until_state(stream, "gone")
        finally:
            if running.returncode is None:
                running.kill()
                await running.wait()
