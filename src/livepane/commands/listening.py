"""Where the server listens, and what it says of that: sockets of our own, addresses to print, warnings."""

from __future__ import annotations

import os
import socket
import sys
from typing import TYPE_CHECKING

from livepane.domain.address import is_loopback, parse_address
from livepane.domain.errors import BadRequest, Unavailable

if TYPE_CHECKING:
    from livepane.settings import Settings

# Unsent bytes that the kernel takes before it says "wait": what queues there gets old. Measured on a 1 MB/s link:
# pictures 2.9 s old without it, 0.20 s with it. Set on the listening socket; accepted ones inherit it.
_TCP_NOTSENT_LOWAT = getattr(socket, "TCP_NOTSENT_LOWAT", 25)
NOTSENT_BYTES = 16 * 1024
BACKLOG = 2048
SPARE_FILES = 256  # open files that everything but connections may need: browsers, pictures, the database


def check(settings: Settings, *, auth_was_set: bool) -> None:
    """Refuse what would open this machine to others.

    Raises:
        BadRequest: names the setting and the mend.
    """
    if auth_was_set and settings.auth == "open" and not is_loopback(settings.host):
        raise BadRequest(
            f"--host {settings.host} and LIVEPANE_AUTH=open together would let everybody in who can reach this machine. "
            "Leave LIVEPANE_AUTH out, and tokens are demanded; or bind 127.0.0.1"
        )


def warnings(settings: Settings, *, tls: bool) -> list[str]:
    """What somebody who starts it like this should know."""
    if is_loopback(settings.host) or tls:
        return []
    if settings.trusted_proxies:
        return [
            f"without TLS on {settings.host}: what goes past the proxy can be read by everybody between. Bind 127.0.0.1 when the "
            "proxy runs on this machine"
        ]
    return [
        f"without TLS on {settings.host}: tokens and pictures can be read by everybody between you and the server. Give it "
        "--tls-cert and --tls-key, or put a proxy with TLS before it (docs/howto/secure-it.md)"
    ]


def listen(host: str, port: int) -> socket.socket:
    """A listening socket of our own.

    Raises:
        Unavailable: the port is taken or may not be used.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        if os.name == "posix":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6 and parse_address(host) == parse_address("::"):
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)  # all addresses, whatever this system's habit is
        if sys.platform in ("linux", "darwin"):
            listener.setsockopt(socket.IPPROTO_TCP, _TCP_NOTSENT_LOWAT, NOTSENT_BYTES)
        listener.bind((host, port))
        listener.listen(BACKLOG)
    except (OSError, OverflowError) as error:
        listener.close()
        reason = getattr(error, "strerror", None) or str(error)
        raise Unavailable(
            f"port {port} of {host} cannot be used ({reason}); end the program that has it, or choose another with --port"
        ) from None
    listener.setblocking(False)
    return listener


def addresses(settings: Settings, *, tls: bool) -> tuple[list[str], list[str]]:
    """What to call it: on this machine, one per port (the commands use these), and from others, as far as we know."""
    scheme = "https" if tls else "http"
    bound = parse_address(settings.host)
    everywhere = bound is not None and bound.is_unspecified
    here = ("::1" if ":" in settings.host else "127.0.0.1") if everywhere else settings.host
    elsewhere = [] if is_loopback(settings.host) else [*settings.allowed_hosts, *([_outward()] if everywhere else [])]

    def written(host: str, port: int) -> str:
        return f"{scheme}://{f'[{host}]' if ':' in host else host}:{port}{settings.root_path}"

    near = [written(here, port) for port in settings.ports]
    far = [written(host, port) for host in elsewhere for port in settings.ports if host and ":" not in host]
    return near, far


def raise_file_limit(settings: Settings) -> tuple[int, str | None]:
    """Raise the limit of open files to what we may have; returns the connections that fit, and a warning when they are fewer."""
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return settings.max_connections, None
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != hard:
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
            soft = hard
        except (OSError, ValueError):  # macOS names a hard limit that it does not give
            pass
    fitting = settings.max_connections if soft == resource.RLIM_INFINITY else max(16, soft - SPARE_FILES)
    if fitting >= settings.max_connections:
        return settings.max_connections, None
    return fitting, (
        f"this process may open {soft:,} files, so there is room for {fitting:,} connections and not for "
        f"{settings.max_connections:,} (LIVEPANE_MAX_CONNECTIONS); raise `ulimit -n`, or LimitNOFILE of its service"
    )


def _outward() -> str:
    """This machine's address on the network that leads outside; "" without one. Nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
            return str(probe.getsockname()[0])
        except OSError:
            return ""
