"""Tokens for tests, as rows that a keyring can be given."""

from __future__ import annotations

import time

from livepane.auth.texts import digest_of, new_text
from livepane.store.tokens import Kind, TokenRow

HOUR = 3_600_000


def token_row(
    *roles: str,
    streams: tuple[str, ...] = (),
    kind: Kind = Kind.TOKEN,
    expires_in: int | None = None,
    revoked: bool = False,
    max_uses: int | None = None,
    parent: str | None = None,
    parent_digest: str | None = None,
) -> tuple[str, TokenRow]:
    """The text of a new token, and its row; `expires_in` in ms, negative: it has expired."""
    token_id, text = new_text()
    now = int(time.time() * 1000)
    row = TokenRow(
        id=token_id,
        kind=kind,
        name="of a test",
        roles=roles,
        streams=streams,
        digest=digest_of(text),
        created_at=now - HOUR,
        expires_at=None if expires_in is None else now + expires_in,
        revoked_at=now - 1000 if revoked else None,
        max_uses=max_uses,
        parent=parent,
        parent_digest=parent_digest,
    )
    return text, row
