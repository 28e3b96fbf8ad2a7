"""What may be opened, and what somebody means who types less than a URL."""

from __future__ import annotations

import pytest

from livepane.browsers.url import page_url
from livepane.domain.errors import BadRequest


@pytest.mark.parametrize(
    ("typed", "opened"),
    [
        ("https://example.com/a?b=c#d", "https://example.com/a?b=c#d"),
        ("HTTP://Example.com", "HTTP://Example.com"),
        ("  example.com  ", "https://example.com"),
        ("example.com:8443/x", "https://example.com:8443/x"),
        ("bücher.example/ä", "https://bücher.example/ä"),
        ("localhost:3000", "http://localhost:3000"),
        ("app.localhost", "http://app.localhost"),
        ("127.0.0.1:8000/demo", "http://127.0.0.1:8000/demo"),
        ("127.1", "http://127.1"),
        ("[::1]:8000", "http://[::1]:8000"),
        ("10.0.0.7", "http://10.0.0.7"),
        ("about:blank", "about:blank"),
        ("About:Blank", "about:blank"),
    ],
)
def test_what_is_typed_becomes_a_url(typed: str, opened: str) -> None:
    assert page_url(typed) == opened


@pytest.mark.parametrize(
    "typed",
    [
        "file:///etc/passwd",
        "FILE:///etc/passwd",
        "file:/etc/passwd",
        "chrome://version",
        "view-source:https://example.com",
        "javascript:alert(1)",
        "data:text/html,hi",
        "about:version",
        "ftp://example.com",
        "blob:https://example.com/1",
        "",
        "http://",
        "http:example.com",
        "https:///path",
        "http://user:secret@example.com",
        "user@example.com",
        "http://exa mple.com",
        "http://example.com/\nx",
        "http:\\\\example.com",
        "http://[::1",
        "http://example.com:99999",
        "http://example.com/" + "a" * 9000,
    ],
)
def test_anything_else_is_refused(typed: str) -> None:
    with pytest.raises(BadRequest):
        page_url(typed)


def test_a_refusal_names_the_value_and_what_is_allowed() -> None:
    with pytest.raises(BadRequest, match=r"'file:///etc/passwd' cannot be opened.*http://, https:// or about:blank, not file:"):
        page_url("file:///etc/passwd")


def test_a_password_is_not_repeated() -> None:
    with pytest.raises(BadRequest) as refusal:
        page_url("http://user:secret@example.com")
    assert "secret" not in refusal.value.message
