"""Takes out of a log line what must not be there. Nothing of it should get so far: this is the second line of defence."""

from __future__ import annotations

import re

GONE = "…"
_TELLING = r"(?:[a-z]+_)?(?:token|ticket|session|password|secret)"

_TOKEN = re.compile(r"lp_[a-z0-9]{12}_[A-Za-z0-9_-]*|\blp_[A-Za-z0-9_-]+")
_QUERY = re.compile(r"((?:https?|wss?)://[^\s?\"'<>\\]+)\?[^\s\"'<>\\]*")
_USERINFO = re.compile(r"(\b[A-Za-z][A-Za-z0-9+.-]*://)[^\s/?#@\"'<>]+@")
_IN_FORM = re.compile(rf"(?i)\b({_TELLING}=)[^\s&\"'#,;)}}\\]+")
_IN_JSON = re.compile(rf"(?i)(\b{_TELLING}\\?[\"']\s?:\s?\\?[\"'])[^\"'\\]+")
_HEADER = re.compile(r"(?i)\b(bearer|basic) +[A-Za-z0-9._~+/=-]{20,}")
_COOKIE = re.compile(r"(?i)\b(cookie\\?[\"']?\s?[:=,]\s?b?\\?[\"']?)[^\"'\r\n]+")


def scrub(text: str) -> str:
    """The text without tokens, secrets, cookies, and the passwords and query strings of addresses."""
    text = scrub_tokens(text)
    text = _USERINFO.sub(rf"\1{GONE}@", text)
    text = _QUERY.sub(rf"\1?{GONE}", text)
    text = _IN_FORM.sub(rf"\1{GONE}", text)
    text = _IN_JSON.sub(rf"\1{GONE}", text)
    text = _HEADER.sub(rf"\1 {GONE}", text)
    return _COOKIE.sub(rf"\1{GONE}", text)


def scrub_tokens(text: str) -> str:
    """The text without what looks like a token of ours, and else as it is."""
    return _TOKEN.sub(f"lp_{GONE}", text)


def is_secret(name: str) -> bool:
    """Whether a field of this name is nobody's business."""
    return re.fullmatch(_TELLING, name, re.IGNORECASE) is not None
