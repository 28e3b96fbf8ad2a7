"""How commands find the data folder, a running server and its token."""

from __future__ import annotations

import os
import socket
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from livepane import discovery
from livepane.domain.errors import BadRequest, Unavailable


class Healthy(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/healthz" else 404)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def healthy_server() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Healthy)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LIVEPANE_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.delenv("LIVEPANE_SERVER", raising=False)
    monkeypatch.delenv("LIVEPANE_TOKEN", raising=False)
    return discovery.data_dir()


@pytest.fixture
def unused_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_running_server_is_found_with_its_token(folder: Path, healthy_server: str) -> None:
    discovery.write_server_file(folder, [healthy_server])
    discovery.write_private(folder / discovery.TOKEN_FILE, "secret\n")
    assert mode(folder) == 0o700
    assert {mode(path) for path in folder.iterdir()} == {0o600}
    assert discovery.locate() == discovery.Located(healthy_server, "secret")


def test_a_server_that_went_without_a_word_is_not_found(folder: Path, healthy_server: str) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    discovery.write_server_file(folder, [healthy_server], ended.pid)
    assert discovery.read_server(folder) is None


def test_a_server_that_does_not_answer_is_not_found(folder: Path, unused_port: int) -> None:
    discovery.write_server_file(folder, [f"http://127.0.0.1:{unused_port}"])
    assert discovery.read_server(folder) is None


@pytest.mark.parametrize("text", ["", "[]", "null", '{"url": 3}', '{"url": "http://x", "pid": "y"}', "\x00"])
def test_a_spoilt_server_file_is_no_server(folder: Path, text: str) -> None:
    folder.mkdir()
    (folder / discovery.SERVER_FILE).write_text(text)
    assert discovery.read_server(folder) is None


def test_a_server_takes_back_only_its_own_file(folder: Path) -> None:
    discovery.write_server_file(folder, ["http://127.0.0.1:1"], os.getpid())
    discovery.remove_server_file(folder, os.getpid() + 1)
    assert (folder / discovery.SERVER_FILE).exists()
    discovery.remove_server_file(folder)
    assert not (folder / discovery.SERVER_FILE).exists()


def test_the_admin_token_goes_to_no_other_server(folder: Path, healthy_server: str) -> None:
    discovery.write_server_file(folder, [healthy_server])
    discovery.write_private(folder / discovery.TOKEN_FILE, "secret")
    same = discovery.locate(healthy_server.replace("127.0.0.1", "localhost"))
    assert same is not None
    assert same.token == "secret"
    for other in ("http://127.0.0.1:9", "http://panes.example.org", healthy_server.replace("127.0.0.1", "192.0.2.1")):
        found = discovery.locate(other)
        assert found is not None
        assert found.token is None


def test_what_is_asked_for_comes_before_what_is_set(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIVEPANE_SERVER", "wss://panes.example.org")
    monkeypatch.setenv("LIVEPANE_TOKEN", "from-environment")
    assert discovery.locate() == discovery.Located("https://panes.example.org:443", "from-environment")
    assert discovery.locate("10.0.0.5:8000", "given") == discovery.Located("http://10.0.0.5:8000", "given")


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("ws://host:9/", "http://host:9"),
        ("wss://host", "https://host:443"),
        ("https://host/panes/", "https://host:443/panes"),
        ("http://[::1]:8000", "http://[::1]:8000"),
        ("localhost", "http://localhost:80"),
    ],
)
def test_an_address_may_be_written_in_many_ways(text: str, url: str) -> None:
    assert discovery.parse_server(text) == url


@pytest.mark.parametrize(
    "text", ["", "ftp://host", "http://", "host:99999", "ho st:1", "http://a:b@host", "http://host?x=1", "http://[::1"]
)
def test_a_wrong_address_is_named_with_the_mend(text: str) -> None:
    with pytest.raises(BadRequest, match=r"is not a server address\. Write http"):
        discovery.parse_server(text)


def test_a_folder_that_cannot_be_made_is_named_with_the_mend(tmp_path: Path) -> None:
    blocker = tmp_path / "file"
    blocker.write_text("")
    with pytest.raises(Unavailable, match=r"file/data.*--data-dir or LIVEPANE_DATA_DIR"):
        discovery.prepare_data_dir(blocker / "data")
