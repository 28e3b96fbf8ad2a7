"""Which IP addresses belong to the public internet, whatever form they come in. Pure: no sockets, no names."""

from __future__ import annotations

import ipaddress
from ipaddress import IPv4Address, IPv6Address

from livepane.domain.address import Address

# The registries of special addresses (RFC 6890 and IANA's lists), written out: what `is_global` of the standard library
# says differs between versions, and Python 3.11 calls NAT64, 6to4, IPv4-compatible and site-local addresses global.
_KINDS_4 = (
    ("0.0.0.0/8", "unspecified"),
    ("10.0.0.0/8", "private"),
    ("100.64.0.0/10", "shared (carrier NAT)"),
    ("127.0.0.0/8", "loopback"),
    ("169.254.0.0/16", "link-local"),
    ("172.16.0.0/12", "private"),
    ("192.0.0.0/24", "reserved"),
    ("192.0.2.0/24", "documentation"),
    ("192.31.196.0/24", "reserved"),
    ("192.52.193.0/24", "reserved"),
    ("192.88.99.0/24", "reserved"),
    ("192.168.0.0/16", "private"),
    ("192.175.48.0/24", "reserved"),
    ("198.18.0.0/15", "benchmark"),
    ("198.51.100.0/24", "documentation"),
    ("203.0.113.0/24", "documentation"),
    ("224.0.0.0/4", "multicast"),
    ("240.0.0.0/4", "reserved"),
)
_KINDS_6 = (
    ("::/128", "unspecified"),
    ("::1/128", "loopback"),
    ("::/96", "IPv4-compatible"),
    ("64:ff9b:1::/48", "local NAT64"),
    ("100::/64", "discard"),
    ("2001::/32", "Teredo"),
    ("2001::/23", "reserved"),
    ("2001:db8::/32", "documentation"),
    ("2002::/16", "6to4"),
    ("3fff::/20", "documentation"),
    ("5f00::/16", "reserved"),
    ("fc00::/7", "private"),
    ("fe80::/10", "link-local"),
    ("fec0::/10", "site-local"),
    ("ff00::/8", "multicast"),
)
_SPECIAL_4 = tuple((ipaddress.IPv4Network(network), kind) for network, kind in _KINDS_4)
_SPECIAL_6 = tuple((ipaddress.IPv6Network(network), kind) for network, kind in _KINDS_6)
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_UNICAST = ipaddress.IPv6Network("2000::/3")  # all that is given out
_METADATA = frozenset(
    ipaddress.ip_address(text)
    for text in (
        "169.254.169.254",  # nearly every cloud
        "169.254.170.2",  # tasks of Amazon ECS
        "169.254.170.23",  # pods of Amazon EKS
        "100.100.100.200",  # Alibaba
        "168.63.129.16",  # Azure: a public address that only its machines reach
        "192.0.0.192",  # Oracle
        "fd00:ec2::254",
        "fd00:ec2::23",
        "fd20:ce::254",  # Google
    )
)


def plain(address: Address) -> Address:
    """The IPv4 address that an IPv4-mapped one (`::ffff:…`) is dialled as; any other as it is."""
    return (getattr(address, "ipv4_mapped", None) or address) if isinstance(address, IPv6Address) else address


def is_metadata(address: Address) -> bool:
    """Whether a cloud tells its machines their secrets there."""
    return plain(address) in _METADATA


def why_not_public(address: Address) -> str | None:
    """What kind of address it is, when it is not one of the public internet; None when it is.

    An IPv4 address inside an IPv6 one counts as well: IPv4-mapped and NAT64 ones are what they hold, IPv4-compatible, 6to4
    and Teredo ones are refused whatever they hold, since nothing public needs them.
    """
    address = plain(address)
    if address in _METADATA:
        return "metadata"
    if isinstance(address, IPv4Address):
        return next((kind for network, kind in _SPECIAL_4 if address in network), None)
    if address in _NAT64:
        held = why_not_public(IPv4Address(int(address) & 0xFFFFFFFF))
        return held and f"{held} (by NAT64)"
    for network, kind in _SPECIAL_6:
        if address in network:
            return kind
    if address not in _UNICAST:
        return "reserved"
    if (int(address) >> 32) & 0xFDFFFFFF == 0x5EFE:  # ISATAP (RFC 5214): the last 32 bits are an IPv4 address
        held = why_not_public(IPv4Address(int(address) & 0xFFFFFFFF))
        return held and f"{held} (by ISATAP)"
    return None
