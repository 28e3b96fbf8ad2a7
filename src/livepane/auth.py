"""Who may do what: roles, and the one token that the first start writes."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from enum import StrEnum
from pathlib import Path

from livepane.discovery import TOKEN_FILE, prepare_data_dir, read_admin_token, write_private


class Role(StrEnum):
    """What a caller may do. An admin may do everything; an operator also views."""

    VIEWER = "viewer"  # watch
    PRODUCER = "producer"  # feed a stream
    SCRAPER = "scraper"  # run jobs that fetch public pages
    OPERATOR = "operator"  # open, drive and close
    ADMIN = "admin"  # tokens and settings


ALL_ROLES = frozenset(Role)
# What a caller on an open loopback bind may do without a token: what existing clients, which carry none, rely on.
OPEN_ROLES = frozenset({Role.VIEWER, Role.PRODUCER, Role.SCRAPER})


class Keys:
    """The admin token of this data folder, and the cookie value that stands for it in a browser."""

    def __init__(self, token: str) -> None:
        self._token = token.encode()
        digest = hashlib.sha256(b"cookie name " + self._token).hexdigest()[:8]
        # Cookies ignore ports: two servers on one machine must not overwrite each other's.
        self.cookie_name = f"livepane_{digest}"
        self.cookie_value = hmac.new(self._token, b"livepane sign-in cookie 1", hashlib.sha256).hexdigest()

    @classmethod
    def of(cls, folder: Path) -> tuple[Keys, str]:
        """The keys of a data folder, and the token; written by the first start, for the owner alone.

        Raises:
            Unavailable: the folder cannot be written; names it and the mend.
        """
        prepare_data_dir(folder)
        path = folder / TOKEN_FILE
        token = read_admin_token(folder)
        if token is None:  # the first start; or an empty file, which would be a token that everybody knows
            token = secrets.token_urlsafe(32)
            write_private(path, token + "\n")
        path.chmod(0o600)
        return cls(token), token

    def roles_of_token(self, token: str) -> frozenset[Role] | None:
        """The roles of a bearer; None when the token is unknown."""
        return ALL_ROLES if hmac.compare_digest(token.encode(), self._token) else None

    def roles_of_cookie(self, value: str) -> frozenset[Role] | None:
        """The roles of a signed-in browser; None when the value is unknown."""
        return ALL_ROLES if hmac.compare_digest(value.encode(), self.cookie_value.encode()) else None
