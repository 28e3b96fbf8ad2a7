"""Hosts as people and pages write them, read as a browser reads them (WHATWG URL), and lists of hosts that are allowed."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from livepane.domain.address import Address
from livepane.domain.public import is_metadata, plain

_FORBIDDEN = frozenset(" #/:<>?@[\\]^|%\t\r\n") | {chr(code) for code in range(32)} | {"\x7f"}
_LONGEST = 253


class NotAHost(ValueError):
    """Text that a browser would not take for a host; says why."""


@dataclass(frozen=True, slots=True)
class Host:
    """A name in ASCII and lower case without a dot at its end, or an address."""

    text: str
    address: Address | None

    def __str__(self) -> str:
        return f"[{self.text}]" if isinstance(self.address, ipaddress.IPv6Address) else self.text


def read_host(text: str) -> Host:
    """Read one: `0x7f.1` is 127.0.0.1, `Bücher.example.` is xn--bcher-kva.example, `[::1]` is ::1.

    Raises:
        NotAHost: it is none.
    """
    if text.startswith("[") or text.count(":") > 1:
        return _ipv6(text[1:-1] if text.startswith("[") and text.endswith("]") else text)
    name = unquote(text, errors="strict") if "%" in text else text
    if not name.isascii() or "xn--" in name.lower():
        name = _ascii(name)
    name = name.lower().removesuffix(".")
    if not name or len(name) > _LONGEST or any(not label or len(label) > 63 for label in name.split(".")):
        raise NotAHost("it is no name: a name has labels of 1 to 63 characters between dots")
    if bad := next((character for character in name if character in _FORBIDDEN), None):
        raise NotAHost(f"{bad!r} cannot be in a name")
    last = name.rpartition(".")[2]
    if last.isdigit() or _is_hex(last):
        address = _ipv4(name)
        return Host(str(address), address)
    return Host(name, None)


def _ascii(name: str) -> str:
    import idna  # comes with httpx; its tables take 10 ms to load

    try:
        return idna.encode(name.removesuffix("。").removesuffix("."), uts46=True, transitional=False).decode()
    except idna.IDNAError:
        pass
    mapped = idna.uts46_remap(name, std3_rules=False) if name.isprintable() else ""
    if mapped.isascii() and mapped:  # digits in other scripts: ①②⑦.⓪.⓪.① is 127.0.0.1 to a browser
        return str(mapped)
    raise NotAHost("it is no international name")


def _ipv6(text: str) -> Host:
    try:
        address = plain(ipaddress.IPv6Address(text))
    except ValueError:
        raise NotAHost("it is no IPv6 address") from None
    if getattr(address, "scope_id", None):
        raise NotAHost("an address with a zone is for this network only")
    return Host(str(address), address)


def _ipv4(text: str) -> ipaddress.IPv4Address:
    """As inet_aton reads it: one to four parts, each decimal, octal (0…) or hexadecimal (0x…); the last one fills up."""
    parts = text.split(".")
    if len(parts) > 4:
        raise NotAHost("an IPv4 address has at most four parts")
    try:
        numbers = [_number(part) for part in parts]
    except ValueError:
        raise NotAHost("its end is a number, and it is no IPv4 address") from None
    if any(number > 255 for number in numbers[:-1]) or numbers[-1] >= 256 ** (5 - len(numbers)):
        raise NotAHost("a part of the IPv4 address is too large")
    value = numbers[-1]
    for place, number in enumerate(numbers[:-1]):
        value += number * 256 ** (3 - place)
    return ipaddress.IPv4Address(value)


def _is_hex(part: str) -> bool:
    return part.startswith("0x") and all(digit in "0123456789abcdef" for digit in part[2:])


def _number(part: str) -> int:
    if part.startswith("0x"):
        return int(part[2:] or "0", 16)
    if not (part.isascii() and part.isdigit()):
        raise ValueError(part)
    return int(part, 8) if len(part) > 1 and part.startswith("0") else int(part)


def read_host_port(text: str) -> tuple[Host, int]:
    """`host:port` or `[::1]:port`.

    Raises:
        NotAHost: the host is none, or the port is not 1 to 65535.
    """
    name, colon, port = text.rpartition(":")
    if not colon or not (port.isascii() and port.isdigit()) or not 0 < int(port) < 65536:
        raise NotAHost("a port from 1 to 65535 is missing at its end")
    return read_host(name), int(port)


class AllowList:
    """Private targets that an operator allows: `host:port` exactly, addresses and ranges with every port."""

    def __init__(self, texts: Iterable[str] = ()) -> None:
        """Read them.

        Raises:
            ValueError: names the one that is neither.
        """
        self._exact: set[tuple[str, int]] = set()
        self._networks: list[ipaddress.IPv4Network | ipaddress.IPv6Network] = []
        for text in texts:
            try:
                self._networks.append(ipaddress.ip_network(text.strip("[]"), strict=False))
                continue
            except ValueError:
                pass
            try:
                host, port = read_host_port(text)
            except NotAHost as error:
                raise ValueError(
                    f"{text!r} is not a target that can be allowed: {error}. "
                    "Write host:port such as intranet.example:8080 or [::1]:8000, or a range such as 10.0.0.0/8."
                ) from None
            self._exact.add((host.text, port))

    def names(self, host: Host, port: int) -> bool:
        """Whether exactly this host and port are listed."""
        return (host.text, port) in self._exact

    def holds(self, address: Address, port: int) -> bool:
        """Whether this address is listed. Where clouds tell secrets, only exactly, never by a range."""
        if (str(address), port) in self._exact:
            return True
        return not is_metadata(address) and any(address in network for network in self._networks)


def read_host_addresses(texts: Iterable[str]) -> Mapping[str, tuple[str, int]]:
    """`name=address:port` each: connections with `name`, at any port, go there.

    Raises:
        ValueError: names the one that cannot be read.
    """
    found = {}
    for text in texts:
        name, _, goal = text.partition("=")
        try:
            host, (address, port) = read_host(name), read_host_port(goal)
            if host.address is not None or address.address is None:
                raise NotAHost("a name comes before the =, an address after it")
        except NotAHost as error:
            raise ValueError(f"{text!r} is not name=address:port ({error}). Write acme.example=127.0.0.1:8443.") from None
        found[host.text] = (address.text, port)
    return found
