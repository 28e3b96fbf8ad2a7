"""Where a request comes from, case by case."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import Headers

from livepane.api.origin import From, host_accepted, origin_of

PORTS = (8000, 8080)


def headers(*pairs: tuple[str, str]) -> Headers:
    return Headers(raw=[(name.encode(), value.encode("latin-1")) for name, value in pairs])


@pytest.mark.parametrize(
    "host",
    ["localhost:8000", "127.0.0.1:8000", "[::1]:8000", "LocalHost:8080", "127.0.0.1:8080"],
)
def test_this_machine_with_one_of_our_ports_is_served(host: str) -> None:
    assert host_accepted(headers(("host", host)), PORTS, ())


@pytest.mark.parametrize(
    "host",
    [
        "",
        "localhost",
        "localhost:",
        "localhost:8001",
        "localhost:99999",
        "localhost:-1",
        "localhost:8000 ",
        "localhost.:8000",
        "localhost.evil.test:8000",
        "evil.test",
        "evil.test:8000",
        "evil.test#localhost:8000",
        "localhost:8000#evil.test",
        "localhost:8000/",
        "localhost:8000@evil.test",
        "user@localhost:8000",
        "user:password@localhost:8000",
        "evil.test\\localhost:8000",
        "0.0.0.0:8000",
        "127.0.0.2:8000",
        "127.1:8000",
        "2130706433:8000",
        "0x7f000001:8000",
        "192.0.2.1:8000",
        "::1:8000",
        "[::1",
        "[::1]",
        "[::2]:8000",
        "[::ffff:127.0.0.1]:8000",
        "[0:0:0:0:0:0:0:1]x:8000",
        "localhost:8000,evil.test",
        "localhost:80\t00",
        "lo\xe7alhost:8000",
    ],
)
def test_any_other_host_is_not(host: str) -> None:
    assert not host_accepted(headers(("host", host)), PORTS, ())


def test_no_host_and_two_hosts_are_not() -> None:
    assert not host_accepted(headers(), PORTS, ())
    assert not host_accepted(headers(("host", "localhost:8000"), ("host", "localhost:8000")), PORTS, ())
    assert not host_accepted(headers(("host", "localhost:8000"), ("host", "evil.test")), PORTS, ())


def test_on_the_default_port_the_host_may_leave_it_out() -> None:
    assert host_accepted(headers(("host", "localhost")), (80,), ())
    assert host_accepted(headers(("host", "localhost")), (443,), (), default_port=443)
    assert not host_accepted(headers(("host", "localhost")), (443,), ())


@pytest.mark.parametrize(
    ("listed", "host", "accepted"),
    [
        ("panes.example.org", "panes.example.org", True),
        ("panes.example.org", "panes.example.org:8443", True),
        ("Panes.Example.org", "PANES.example.org", True),
        ("panes.example.org:8443", "panes.example.org:8443", True),
        ("panes.example.org:8443", "panes.example.org", False),
        ("panes.example.org", "evil.panes.example.org", False),
        ("panes.example.org", "panes.example.org.evil.test", False),
        ("[fd00::2]", "[fd00::2]:8000", True),
        ("[fd00::2]:8000", "[fd00::2]:8000", True),
        ("fd00::2", "[fd00::2]:8000", True),
        ("[fd00::2]:8000", "[fd00::2]:9000", False),
        ("127.0.0.1:9000", "127.0.0.1:9000", True),  # a proxy on this machine
        ("localhost", "localhost:9000", True),
        ("127.0.0.1:9000", "localhost:9000", False),
    ],
)
def test_listed_hosts_are_served(listed: str, host: str, accepted: bool) -> None:
    assert host_accepted(headers(("host", host)), PORTS, (listed,)) is accepted


@given(st.text(max_size=30))
def test_whatever_the_host_is_it_is_accepted_or_not(host: str) -> None:
    with contextlib.suppress(UnicodeEncodeError):
        host_accepted(headers(("host", host)), PORTS, ("panes.example.org",))


@pytest.mark.parametrize(
    ("origin", "expected"),
    [
        ("http://localhost:8000", From.OURSELVES),
        ("https://localhost:8000", From.FRIEND),  # another scheme is another origin
        ("http://localhost:3000", From.FRIEND),
        ("http://localhost", From.FRIEND),
        ("http://127.0.0.1:8000", From.FRIEND),  # another name is another origin
        ("http://[::1]:5173", From.FRIEND),
        ("chrome-extension://abcdefghijklmnop", From.EXTENSION),
        ("null", From.STRANGER),
        ("", From.STRANGER),
        ("http://evil.test", From.STRANGER),
        ("http://evil.test:8000", From.STRANGER),
        ("http://localhost.evil.test:8000", From.STRANGER),
        ("http://localhost:8000.evil.test", From.STRANGER),
        ("http://evil.test#http://localhost:8000", From.STRANGER),
        ("http://evil.test/localhost", From.STRANGER),
        ("http://evil.test\\@localhost:8000", From.STRANGER),
        ("http://evil@localhost:8000", From.STRANGER),
        ("http://localhost:8000@evil.test", From.STRANGER),
        ("http://localhost:8000/", From.STRANGER),
        ("http://localhost:8000/path", From.STRANGER),
        ("http://localhost:8000?query", From.STRANGER),
        ("http://localhost:8000#fragment", From.STRANGER),
        ("http://localhost:99999", From.STRANGER),
        ("http://localhost:x", From.STRANGER),
        ("http://localhost:0", From.STRANGER),
        ("http://127.0.0.2:3000", From.STRANGER),
        ("http://0.0.0.0:3000", From.STRANGER),
        ("ftp://localhost", From.STRANGER),
        ("file://", From.STRANGER),
        ("file://localhost", From.STRANGER),
        ("//localhost:8000", From.STRANGER),
        ("localhost:8000", From.STRANGER),
        ("chrome-extension://", From.STRANGER),
        ("moz-extension://abcdef", From.STRANGER),
        ("http://localhost:8000, http://evil.test", From.STRANGER),
        (" http://localhost:8000", From.STRANGER),
        ("http://[::1", From.STRANGER),
    ],
)
def test_an_origin_is_ours_a_friend_s_or_a_stranger_s(origin: str, expected: From) -> None:
    assert origin_of(headers(("host", "localhost:8000"), ("origin", origin)), "http", ()) is expected


def test_no_origin_is_nowhere_and_two_are_a_stranger() -> None:
    assert origin_of(headers(("host", "localhost:8000")), "http", ()) is From.NOWHERE
    twice = [("host", "localhost:8000"), *[("origin", "http://localhost:8000")] * 2]
    assert origin_of(headers(*twice), "http", ("*",)) is From.STRANGER


@pytest.mark.parametrize(
    ("listed", "origin", "expected"),
    [
        ("https://app.example.org", "https://app.example.org", From.FRIEND),
        ("https://app.example.org", "http://app.example.org", From.STRANGER),
        ("https://app.example.org", "https://app.example.org:8443", From.STRANGER),
        ("https://app.example.org", "https://evil.app.example.org", From.STRANGER),
        ("*", "https://anything.test", From.FRIEND),
        ("*", "null", From.STRANGER),
        ("null", "null", From.FRIEND),
        ("https://app.example.org", "null", From.STRANGER),
    ],
)
def test_star_and_null_count_only_when_listed(listed: str, origin: str, expected: From) -> None:
    assert origin_of(headers(("host", "localhost:8000"), ("origin", origin)), "http", (listed,)) is expected


def test_with_star_we_are_still_ourselves() -> None:
    assert origin_of(headers(("host", "localhost:8000"), ("origin", "http://localhost:8000")), "http", ("*",)) is From.OURSELVES


@given(st.text(max_size=40), st.sampled_from([(), ("*",), ("null",)]))
def test_whatever_the_origin_is_it_has_a_place(origin: str, listed: tuple[str, ...]) -> None:
    with contextlib.suppress(UnicodeEncodeError):
        assert isinstance(origin_of(headers(("host", "localhost:8000"), ("origin", origin)), "http", listed), From)
