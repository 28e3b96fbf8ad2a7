"""What a token looks like, `lp_<id>_<secret>`, and how it is compared."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import string

_TEXT = re.compile(r"lp_([a-z0-9]{12})_([A-Za-z0-9_-]{43})")
_ALPHABET = string.ascii_lowercase + string.digits


def new_text() -> tuple[str, str]:
    """A new id, which is no secret, and the text to show; 256 bits of it are random."""
    token_id = "".join(secrets.choice(_ALPHABET) for _ in range(12))
    return token_id, f"lp_{token_id}_{secrets.token_urlsafe(32)}"


def id_of(text: str) -> str | None:
    """The id within a token's text; None when it is not one of ours."""
    match = _TEXT.fullmatch(text)
    return None if match is None else match[1]


def digest_of(text: str) -> str:
    """What is kept instead of a secret. SHA-256 is enough for 256 random bits: nobody tries them out."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def same(one: str, other: str) -> bool:
    """Whether two digests are equal, in a time that does not tell where they differ."""
    return hmac.compare_digest(one.encode(), other.encode())
