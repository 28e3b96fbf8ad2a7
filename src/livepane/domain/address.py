"""Addresses of machines: read from what peers, proxies and operators write, and compared as numbers, never as text."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from functools import lru_cache

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def parse_address(text: str) -> Address | None:
    """An IP literal, with or without `[]`, a port or a zone; IPv4 inside IPv6 (`::ffff:…`) as IPv4. None when it is none."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def block_of(text: str) -> str:
    """What counts as one peer where tries are limited: an address, or the /64 of IPv6, since one machine has all of those."""
    address = parse_address(f"[{text}]")
    if address is None:
        return text
    return str(ipaddress.ip_network((address, 64), strict=False) if address.version == 6 else address)


@lru_cache(maxsize=256)
def is_loopback(host: str) -> bool:
    """Whether only programs of this machine reach what listens on this address."""
    address = parse_address(host)
    return host == "localhost" if address is None else address.is_loopback


class Networks:
    """Addresses and ranges (CIDR), as an operator lists them."""

    def __init__(self, texts: Iterable[str]) -> None:
        """Read them.

        Raises:
            ValueError: names the one that is neither an address nor a range.
        """
        self._networks = []
        for text in texts:
            try:
                self._networks.append(ipaddress.ip_network(text))
            except ValueError as error:
                raise ValueError(f"{text!r} is not an address or a range: {error}. Write 127.0.0.1 or 10.0.0.0/8.") from None

    def __contains__(self, address: Address | None) -> bool:
        return address is not None and any(address in network for network in self._networks)

    def __bool__(self) -> bool:
        return bool(self._networks)
