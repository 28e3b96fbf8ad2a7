"""Where Livepane keeps its files on this machine, and how its commands find a server that runs here."""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from livepane.domain.errors import BadRequest, Unavailable

SERVER_FILE = "server.json"
TOKEN_FILE = "admin-token"  # noqa: S105 - a file name
LOOPBACK = {"localhost", "127.0.0.1", "::1"}


@dataclass(frozen=True, slots=True)
class LocalServer:
    """A server of this data folder that answers now."""

    url: str  # http://127.0.0.1:8000
    urls: tuple[str, ...]  # one per port that it listens on; `url` is the first
    pid: int
    started_at: float  # seconds since the Unix epoch


@dataclass(frozen=True, slots=True)
class Located:
    """The server that a command or a script talks to, and what it shows at the door."""

    url: str
    token: str | None


def data_dir() -> Path:
    """LIVEPANE_DATA_DIR, or the place that the platform keeps for an application's data. Not created here."""
    if chosen := os.environ.get("LIVEPANE_DATA_DIR"):
        return Path(chosen).expanduser()
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "livepane"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "livepane"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "livepane"


def prepare_data_dir(folder: Path) -> None:
    """Make the folder, for its owner alone (0700), and see that it can be written.

    Raises:
        Unavailable: names the folder and the mend.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
        descriptor, probe = tempfile.mkstemp(dir=folder)
        os.close(descriptor)
        Path(probe).unlink()
    except OSError as error:
        raise _unwritable(folder, error) from None


def write_private(path: Path, text: str) -> None:
    """Write a file that its owner alone can read (0600), whole or not at all.

    Raises:
        Unavailable: names the folder and the mend.
    """
    try:
        descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")  # 0600 from the first byte
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
        Path(temporary).replace(path)
    except OSError as error:
        raise _unwritable(path.parent, error) from None


def write_server_file(folder: Path, urls: Sequence[str], pid: int | None = None) -> None:
    """Say that a server of this folder listens on `urls`; the first is the one that commands use."""
    prepare_data_dir(folder)
    known = {"url": urls[0], "urls": list(urls), "pid": pid or os.getpid(), "started_at": time.time()}
    write_private(folder / SERVER_FILE, json.dumps(known) + "\n")


def remove_server_file(folder: Path, pid: int | None = None) -> None:
    """Take back what this process said. A file that another server has written since then stays."""
    known = _read_server_file(folder)
    if known is not None and known.pid == (pid or os.getpid()):
        (folder / SERVER_FILE).unlink(missing_ok=True)


def read_server(folder: Path | None = None, *, timeout: float = 1.0) -> LocalServer | None:
    """The server of this folder, if its process lives and /healthz answers within `timeout` seconds."""
    known = _read_server_file(folder or data_dir())
    if known is None or not _alive(known.pid) or not _healthy(known.url, timeout):
        return None
    return known


def read_admin_token(folder: Path | None = None) -> str | None:
    """The admin token that the first start wrote; None when there is none that we may read."""
    try:
        return ((folder or data_dir()) / TOKEN_FILE).read_text(encoding="utf-8").strip() or None
    except (OSError, UnicodeDecodeError):
        return None


def locate(server: str | None = None, token: str | None = None) -> Located | None:
    """The server to talk to: `server`, else LIVEPANE_SERVER, else the one that runs from the data folder.

    The token is `token`, else LIVEPANE_TOKEN, else the admin token, which goes to the server of this
    data folder only: any other program of this machine may listen on a loopback port.

    Raises:
        BadRequest: the address cannot be read.
    """
    token = token or os.environ.get("LIVEPANE_TOKEN") or None
    asked = server or os.environ.get("LIVEPANE_SERVER") or None
    if asked is None:
        local = read_server()
        return None if local is None else Located(local.url, token or read_admin_token())
    url = parse_server(asked)
    if token is None and urlsplit(url).hostname in LOOPBACK:
        local = read_server()
        if local is not None and urlsplit(url).port in {urlsplit(one).port for one in local.urls}:
            token = read_admin_token()
    return Located(url, token)


def parse_server(text: str) -> str:
    """`host:port`, `http(s)://…` or `ws(s)://…` as `http(s)://host:port`.

    Raises:
        BadRequest: names the value and shows a right one.
    """
    wrong = BadRequest(f"{text!r} is not a server address. Write http://127.0.0.1:8000, wss://panes.example.org or host:port.")
    address = text.strip()
    if "://" not in address:
        address = f"http://{address}"
    try:
        parts = urlsplit(address)
        port, host = parts.port, parts.hostname
    except ValueError:
        raise wrong from None
    scheme = {"http": "http", "https": "https", "ws": "http", "wss": "https"}.get(parts.scheme)
    plain = not (parts.query or parts.fragment or parts.username or parts.password)
    if scheme is None or not host or not plain or any(char.isspace() for char in address):
        raise wrong
    shown = f"[{host}]" if ":" in host else host
    return f"{scheme}://{shown}:{port or (443 if scheme == 'https' else 80)}{parts.path.rstrip('/')}"


def socket_url(server: str, path: str) -> str:
    """The WebSocket address of `path` on a server as `parse_server` gives it."""
    return "ws" + server.removeprefix("http") + path


def _read_server_file(folder: Path) -> LocalServer | None:
    try:
        known = json.loads((folder / SERVER_FILE).read_text(encoding="utf-8"))
        urls = tuple(str(url) for url in known.get("urls") or [known["url"]])
        return LocalServer(str(known["url"]), urls, int(known["pid"]), float(known.get("started_at", 0)))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _alive(pid: int) -> bool:
    if sys.platform == "win32":
        return True  # os.kill(pid, 0) would end the process there; /healthz decides
    try:
        os.kill(pid, 0)
    except PermissionError:
        return True
    except (OSError, OverflowError):
        return False
    return pid > 0


def _healthy(url: str, timeout: float) -> bool:
    import http.client  # loads the whole e-mail package: a script that imports us need not wait for that

    parts = urlsplit(url)
    try:
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=timeout)
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status == 200
        finally:
            connection.close()
    except (OSError, ValueError, http.client.HTTPException):
        return False


def _unwritable(folder: Path, error: OSError) -> Unavailable:
    reason = error.strerror or str(error)
    return Unavailable(
        f"the data folder {str(folder)!r} cannot be written ({reason}). Make it yours to write, or name another one "
        "with --data-dir or LIVEPANE_DATA_DIR."
    )
