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
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from livepane.domain.errors import BadRequest, Unavailable

if TYPE_CHECKING:
    import ssl

SERVER_FILE = "server.json"
PATIENCE = (
    10.0  # seconds that a server has to answer: one on a busy machine is slow, not away; where nobody listens is seen at once
)
PROBE = 4096  # bytes that a folder has to take: a full disk still takes an empty file
TOKEN_FILE = "admin-token"  # noqa: S105 - a file name
LOOPBACK = {"localhost", "127.0.0.1", "::1"}


@dataclass(frozen=True, slots=True)
class LocalServer:
    """A server of this data folder that answers now."""

    url: str  # http://127.0.0.1:8000
    urls: tuple[str, ...]  # one per port that it listens on; `url` is the first
    pid: int
    started_at: float  # seconds since the Unix epoch
    certificate: str | None = None  # PEM: what it shows when it speaks TLS

    def has(self, url: str) -> bool:
        """Whether `url` leads to it: one of its own addresses, or a loopback name with one of its ports."""
        parts = urlsplit(url)
        mine = {(one.scheme, one.port) for one in map(urlsplit, self.urls)}
        return url in self.urls or (parts.hostname in LOOPBACK and (parts.scheme, parts.port) in mine)


@dataclass(frozen=True, slots=True)
class Located:
    """The server that a command or a script talks to, and what it shows at the door."""

    url: str
    token: str | None
    certificate: str | None = None  # PEM of a server of this machine: what it shows is compared with exactly this

    def tls(self) -> ssl.SSLContext | None:
        """How to check who answers; None without TLS."""
        if not self.url.startswith("https"):
            return None
        import ssl  # takes a while to load, and most panes of this machine have no use for it

        return trusting(self.certificate) if self.certificate else ssl.create_default_context()


def trusting(certificate: str) -> ssl.SSLContext:
    """Accepts exactly this certificate and none other, whatever names and times it bears: we know whose it is."""
    import ssl

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False  # it is made out to the name that others call this machine by
    context.load_verify_locations(cadata=certificate)
    no_check_time = ssl.VerifyFlags(0x200000)  # X509_V_FLAG_NO_CHECK_TIME of OpenSSL; `ssl` has no name for it
    context.verify_flags |= ssl.VerifyFlags.VERIFY_X509_PARTIAL_CHAIN | no_check_time
    return context


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
    except OSError as error:
        raise _unwritable(folder, error) from None
    check_data_dir(folder)


def check_data_dir(folder: Path) -> None:
    """See that the folder is there and can be written.

    Raises:
        Unavailable: names the folder and the mend.
    """
    try:
        descriptor, probe = tempfile.mkstemp(dir=folder)
        try:
            os.write(descriptor, bytes(PROBE))
        finally:
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


def write_server_file(folder: Path, urls: Sequence[str], pid: int | None = None, certificate: str | None = None) -> None:
    """Say that a server of this folder listens on `urls`; the first is the one that commands use. `certificate`: of its TLS."""
    prepare_data_dir(folder)
    known: dict[str, object] = {"url": urls[0], "urls": list(urls), "pid": pid or os.getpid(), "started_at": time.time()}
    if certificate is not None:
        known["certificate"] = certificate
    write_private(folder / SERVER_FILE, json.dumps(known) + "\n")


def remove_server_file(folder: Path, pid: int | None = None) -> None:
    """Take back what this process said. A file that another server has written since then stays."""
    known = _read_server_file(folder)
    if known is not None and known.pid == (pid or os.getpid()):
        (folder / SERVER_FILE).unlink(missing_ok=True)


def read_server(folder: Path | None = None) -> LocalServer | None:
    """The server of this folder, if its process lives and /healthz answers; a busy one is given PATIENCE."""
    known = _read_server_file(folder or data_dir())
    if known is None or not _alive(known.pid) or not _healthy(known):
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
        return None if local is None else Located(local.url, token or read_admin_token(), local.certificate)
    url = parse_server(asked)
    known = _read_server_file(data_dir())
    if known is None or not known.has(url) or (local := read_server()) is None:
        return Located(url, token)
    return Located(url, token or read_admin_token(), local.certificate)


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
        certificate = known.get("certificate")
        return LocalServer(
            str(known["url"]),
            urls,
            int(known["pid"]),
            float(known.get("started_at", 0)),
            str(certificate) if certificate is not None else None,
        )
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


def _healthy(server: LocalServer) -> bool:
    import http.client  # loads the whole e-mail package: a script that imports us need not wait for that

    parts = urlsplit(server.url)
    try:
        tls = Located(server.url, None, server.certificate).tls()
        if tls is None:
            connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=PATIENCE)
        else:
            connection = http.client.HTTPSConnection(parts.hostname or "", parts.port, timeout=PATIENCE, context=tls)
        try:
            connection.request("GET", f"{parts.path}/healthz")
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
