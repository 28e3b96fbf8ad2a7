"""Which addresses are public, in whatever form; what a host is; what an operator may allow."""

from __future__ import annotations

import ipaddress
from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livepane.domain.host import AllowList, NotAHost, read_host, read_host_addresses
from livepane.domain.public import why_not_public
from tests.unit.egress.hosts import HOSTS, NO_HOSTS

NEVER = [
    *("0.0.0.0", "0.1.2.3", "10.1.2.3", "100.64.0.1", "100.100.100.200", "127.0.0.1", "127.255.255.254", "168.63.129.16"),
    *("169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.192", "192.168.1.1", "198.18.0.1", "203.0.113.9", "224.0.0.1"),
    *("240.0.0.1", "255.255.255.255", "::", "::1", "::7f00:1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1"),
    *(
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::1",
        "100::1",
        "2001::1",
        "2001:0:53aa:64c:0:fbff:ffff:fffe",
        "2001:db8::1",
        "2002:7f00:1::",
    ),
    *("2002:808:808::1", "2606:4700::5efe:7f00:1", "2606:4700::200:5efe:a00:1", "3fff::1", "fc00::1", "fd00:ec2::254", "fe80::1"),
    *("fe80::1%eth0", "fec0::1", "ff02::1", "::8.8.8.8", "1000::1", "4000::1", "::ffff:0:127.0.0.1"),
]
PUBLIC = [
    "8.8.8.8",
    "1.1.1.1",
    "172.32.0.1",
    "192.0.1.1",
    "223.255.255.255",
    "2606:4700:4700::1111",
    "64:ff9b::808:808",
    "::ffff:8.8.8.8",
]


@pytest.mark.parametrize("text", NEVER)
def test_an_address_that_is_not_public_is_refused_in_every_form(text: str) -> None:
    assert why_not_public(ipaddress.ip_address(text)) is not None


@pytest.mark.parametrize("text", PUBLIC)
def test_a_public_address_is_public(text: str) -> None:
    assert why_not_public(ipaddress.ip_address(text)) is None


@given(st.ip_addresses(v=4))
def test_no_ipv4_address_is_more_public_than_the_standard_library_says(address: IPv4Address) -> None:
    if why_not_public(address) is None:
        assert address.is_global
        assert not address.is_multicast
        assert not address.is_reserved


@given(st.ip_addresses(v=6))
def test_no_ipv6_address_is_more_public_than_the_standard_library_says(address: IPv6Address) -> None:
    if why_not_public(address) is None:
        assert address.is_global or address in ipaddress.ip_network("64:ff9b::/96") or address.ipv4_mapped
        assert not address.is_multicast


@given(st.ip_addresses(v=4), st.sampled_from(["::ffff:0:0", "::", "64:ff9b::", "2002::", "2606:4700::5efe:0:0"]))
def test_a_private_ipv4_address_stays_private_inside_an_ipv6_one(held: IPv4Address, prefix: str) -> None:
    shift = 80 if prefix == "2002::" else 0
    outer = IPv6Address(int(IPv6Address(prefix)) | int(held) << shift)
    if why_not_public(held) is not None:
        assert why_not_public(outer) is not None


@pytest.mark.parametrize(("text", "host"), HOSTS.items())
def test_a_host_is_read_as_a_browser_reads_it(text: str, host: str) -> None:
    assert read_host(text).text == host


@pytest.mark.parametrize("text", NO_HOSTS)
def test_what_is_no_host_is_refused(text: str) -> None:
    with pytest.raises(NotAHost):
        read_host(text)


@given(st.text(max_size=40))
def test_any_text_is_a_host_or_says_that_it_is_none(text: str) -> None:
    try:
        host = read_host(text)
    except NotAHost:
        return
    assert read_host(str(host)) == host  # reading it again changes nothing
    assert host.text.isascii()


@given(st.ip_addresses(v=4), st.data())
def test_every_way_to_write_an_ipv4_address_is_that_address(address: IPv4Address, data: st.DataObject) -> None:
    parts = list(address.packed)
    kept = data.draw(st.integers(0, 3))
    numbers = [*parts[:kept], int.from_bytes(bytes(parts[kept:]), "big")]
    forms = [data.draw(st.sampled_from((str, hex, lambda number: f"0{number:o}"))) for _ in numbers]
    assert read_host(".".join(form(number) for form, number in zip(forms, numbers, strict=True))).address == address


def test_a_list_allows_what_it_names_and_nothing_else() -> None:
    allowed = AllowList(["intranet.example:8080", "[::1]:9000", "10.0.0.0/8", "192.168.1.7"])
    assert allowed.names(read_host("INTRANET.example."), 8080)
    assert not allowed.names(read_host("intranet.example"), 80)
    assert allowed.holds(ipaddress.ip_address("::1"), 9000)
    assert not allowed.holds(ipaddress.ip_address("::1"), 9001)
    assert allowed.holds(ipaddress.ip_address("10.9.9.9"), 1234)
    assert allowed.holds(ipaddress.ip_address("192.168.1.7"), 22)
    assert not allowed.holds(ipaddress.ip_address("192.168.1.8"), 22)


def test_where_clouds_tell_secrets_is_allowed_only_by_its_own_name() -> None:
    metadata = ipaddress.ip_address("169.254.169.254")
    assert not AllowList(["169.254.0.0/16", "0.0.0.0/0"]).holds(metadata, 80)
    assert AllowList(["169.254.169.254:80"]).holds(metadata, 80)


@pytest.mark.parametrize("text", ["intranet", "intranet:http", "host:0", "host:70000", "10.0.0.0/40", "a b:80", ":80"])
def test_what_cannot_be_allowed_is_an_error_that_names_it(text: str) -> None:
    with pytest.raises(ValueError, match="is not a target that can be allowed") as error:
        AllowList([text])
    assert repr(text) in str(error.value)


def test_names_with_fixed_addresses_are_read_and_others_refused() -> None:
    assert read_host_addresses(["Acme.example=127.0.0.1:8443", "six.example=[::1]:80"]) == {
        "acme.example": ("127.0.0.1", 8443),
        "six.example": ("::1", 80),
    }
    for text in (
        "acme.example",
        "acme.example=127.0.0.1",
        "acme.example=other.example:80",
        "127.0.0.1=127.0.0.1:80",
        "=1.1.1.1:1",
    ):
        with pytest.raises(ValueError, match=r"name=address:port"):
            read_host_addresses([text])
