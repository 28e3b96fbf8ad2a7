"""Every credential of one server, looked up by what a caller shows: a mirror of the table, so that the door need not wait."""

from __future__ import annotations

import dataclasses
import hashlib
import logging
import re
import secrets
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping
from pathlib import Path

from livepane.auth.inside import Inside
from livepane.auth.texts import digest_of, id_of, same
from livepane.auth.tickets import Tickets
from livepane.discovery import TOKEN_FILE, prepare_data_dir, read_admin_token, write_private
from livepane.domain.access import ALL_ROLES, Grant, Role, Streams, with_implied
from livepane.domain.errors import Unauthorised, Unavailable
from livepane.settings import Settings
from livepane.store import db
from livepane.store.tokens import SESSIONS, Kind, TokenRow

log = logging.getLogger(__name__)

ADMIN = "admin"  # the id of the admin token; no other has it: theirs have twelve characters
ADMIN_GRANT = Grant(ADMIN, ALL_ROLES, name="admin token of the first start", kind="admin")
_ADMIN_TOKEN = re.compile(r"[A-Za-z0-9_-]{32,256}")


Counting = Callable[[Grant], Awaitable[None]]


class Keyring:
    """Decides at once and from memory. Belongs to one event loop once a server runs."""

    def __init__(self, token: str, folder: Path | None = None, clock: Callable[[], float] = time.time) -> None:
        self.folder = folder
        self.kept_in: db.Backend | None = None  # the database with the rows
        self.tickets = Tickets()
        self.inside = Inside(self.why_not)
        self.used: dict[str, int] = {}  # id -> when it was last shown, in ms; written to the table now and then
        self.revision = -1  # what the mirror has seen of the table
        self.count: Counting | None = None  # set when the table is there
        self.clock = clock  # seconds since the Unix epoch
        self._rows: dict[str, TokenRow] = {}
        self._admin_digest = digest_of(token)
        self.name_cookie("")

    @classmethod
    def of(cls, folder: Path, given: Path | None = None, kept_in: db.Backend | None = None) -> tuple[Keyring, str]:
        """The keys of a data folder, and the admin token; written by the first start, for the owner alone.

        `given` is a file with the token that it is to be: servers that share a database share it too. `kept_in`: the database
        with the others, if that is not in the folder.

        Raises:
            Unavailable: the folder, the database in it or the file cannot be used; names it and the mend.
        """
        prepare_data_dir(folder)
        path = folder / TOKEN_FILE
        token = read_admin_token(folder)
        if given is not None:
            wanted = given_token(given)
            if token is None or not same(wanted, token):
                write_private(path, wanted + "\n")
            token = wanted
        if token is None:  # the first start; or an empty file, which would be a token that everybody knows
            token = secrets.token_urlsafe(32)
            write_private(path, token + "\n")
        path.chmod(0o600)
        keyring = cls(token, folder)
        keyring.kept_in = kept_in or db.Sqlite(folder)
        db.prepare(keyring.kept_in)
        return keyring, token

    @classmethod
    def chosen(cls, settings: Settings) -> tuple[Keyring, str]:
        """The same, as the settings have it. Raises Unavailable."""
        return cls.of(settings.data_dir, settings.admin_token_file, db.chosen(settings))

    # --- what is shown ------------------------------------------------------------------------------

    def bearer(self, token: str) -> Grant | None:
        """What a token allows that was shown in a header or in `?token=`; None when it is unknown.

        Raises:
            Unauthorised: it is known and not good any more: expired, revoked or used up.
        """
        digest = digest_of(token)
        if same(digest, self._admin_digest):
            return ADMIN_GRANT
        row = self._shown(token, digest)
        if row is None or row.kind is Kind.BROWSER:
            return None
        why = self.why_not(row.id)
        if why is not None:
            raise why
        if row.max_uses is not None and row.uses >= row.max_uses:
            raise Unauthorised(f"this link could be opened {_times(row.max_uses)}, and has been; ask for a new one")
        return self._use(row)

    def ticket(self, ticket: str) -> Grant:
        """What a one-use ticket allows; it is spent by this.

        Raises:
            Unauthorised: it has been spent, is too old or was never given, or what it was given for is not good any more.
        """
        grant = self.tickets.take(ticket)
        why = self.why_not(grant.id)
        if why is not None:
            raise why
        return grant

    def cookie(self, value: str) -> Grant | None:
        """What a signed-in browser may do; None when the value is unknown or not good any more."""
        row = self._shown(value, digest_of(value))
        if row is None or row.kind is not Kind.BROWSER or self.why_not(row.id) is not None:
            return None
        return self._use(row)

    def why_not(self, token_id: str) -> Unauthorised | None:
        """Why a credential lets nobody in, and nobody stay; None: it is good. Uses are not looked at: they count at the door."""
        if token_id == ADMIN:
            return None
        row = self._rows.get(token_id)
        if row is None or row.revoked_at is not None:
            return Unauthorised(f"{_what(row)} was revoked" if row is None or row.kind is not Kind.BROWSER else "you signed out")
        if row.expires_at is not None and row.expires_at <= self.now():
            return Unauthorised(f"{_what(row)} has expired; ask for a new one")
        if row.parent is None:
            return None
        if not same(self.digest(row.parent) or "", row.parent_digest or "-"):
            return Unauthorised("the token that you signed in with does not exist any more; sign in again")
        return self.why_not(row.parent)

    async def spend(self, grant: Grant) -> None:
        """Count one use, if this credential's uses are counted.

        Raises:
            Unauthorised: none is left.
            Unavailable: it cannot be counted, so it does not let anybody in.
        """
        if grant.limited:
            if self.count is None:
                raise Unavailable("the server has not started, or is about to end")
            await self.count(grant)

    def id_of(self, token: str) -> str | None:
        """The id of the credential that was shown, also of one that is not good any more; None: we do not know it."""
        digest = digest_of(token)
        row = self._shown(token, digest)
        return ADMIN if self.is_admin(digest) else None if row is None else row.id

    # --- the mirror ---------------------------------------------------------------------------------

    def put(self, rows: Iterable[TokenRow]) -> None:
        """These are in the table now. What is not good any more lets go of everybody who is inside with it."""
        for row in rows:
            known = self._rows.get(row.id)
            if known is None or known.revision <= row.revision:
                self._rows[row.id] = row
        self.inside.look()

    def seen(self, revision: int) -> None:
        """Everything up to this revision is in the mirror."""
        self.revision = max(self.revision, revision)

    def strike(self, token_id: str) -> None:
        """It does not work any more on this server, whatever the table says: it could not be written."""
        row = self._rows.get(token_id)
        if row is not None and row.revoked_at is None:
            self._rows[token_id] = dataclasses.replace(row, revoked_at=self.now())
        self.inside.look()

    def forget(self, before: int, sessions_before: int) -> None:
        """Drop what stopped working before this moment, as the table does."""
        for row in list(self._rows.values()):
            kept_since = sessions_before if row.kind in SESSIONS else before
            if any(moment is not None and moment < kept_since for moment in (row.expires_at, row.revoked_at)):
                del self._rows[row.id]

    def replace_admin(self, token: str) -> None:
        """The admin token is another one from now on; browsers that signed in with the old one are signed out."""
        self._admin_digest = digest_of(token)
        self.tickets.forget()
        self.inside.end(ADMIN, Unauthorised("the admin token was replaced by another one"))
        self.inside.look()

    def name_cookie(self, server_name: str) -> None:
        """Cookies ignore ports: two servers on one machine must not overwrite each other's."""
        self.cookie_name = f"livepane_{hashlib.sha256(server_name.encode()).hexdigest()[:8]}"

    # --- reading it ---------------------------------------------------------------------------------

    def now(self) -> int:
        """Milliseconds since the Unix epoch."""
        return int(self.clock() * 1000)

    def row(self, token_id: str) -> TokenRow | None:
        """A credential by its id."""
        return self._rows.get(token_id)

    def rows(self) -> list[TokenRow]:
        """All of them, the newest first."""
        found = (dataclasses.replace(row, last_used_at=self.used.get(row.id, row.last_used_at)) for row in self._rows.values())
        return sorted(found, key=lambda row: (row.created_at, row.revision), reverse=True)

    def alive(self) -> list[TokenRow]:
        """Those that have not ended."""
        now = self.now()
        return [row for row in self._rows.values() if row.revoked_at is None and (row.expires_at or now + 1) > now]

    def state(self, row: TokenRow) -> str:
        """`active`, `expired`, `revoked` or `used up`."""
        if self.why_not(row.id) is not None:
            over = row.revoked_at is None and row.expires_at is not None and row.expires_at <= self.now()
            return "expired" if over else "revoked"
        return "used up" if row.max_uses is not None and row.uses >= row.max_uses else "active"

    def digest(self, token_id: str) -> str | None:
        """The digest of a credential's secret."""
        row = self._rows.get(token_id)
        return self._admin_digest if token_id == ADMIN else row.digest if row is not None else None

    def noted(self, last: Mapping[str, int]) -> None:
        """The table knows when these were last used."""
        for token_id, moment in last.items():
            if (row := self._rows.get(token_id)) is not None:
                self._rows[token_id] = dataclasses.replace(row, last_used_at=moment)

    def is_admin(self, digest: str) -> bool:
        """Whether a digest is that of the admin token."""
        return same(digest, self._admin_digest)

    def _shown(self, text: str, digest: str) -> TokenRow | None:
        row = self._rows.get(id_of(text) or "")
        return row if row is not None and same(row.digest, digest) else None

    def _use(self, row: TokenRow) -> Grant:
        self.used[row.id] = self.now()
        return grant_of(row)


def grant_of(row: TokenRow) -> Grant:
    """What a row allows."""
    roles = with_implied(frozenset(Role(role) for role in row.roles))
    expires_at = None if row.expires_at is None else row.expires_at / 1000
    return Grant(row.id, roles, Streams(row.streams), expires_at, row.name, kind=str(row.kind), limited=row.max_uses is not None)


def given_token(file: Path) -> str:
    """The admin token that somebody wrote into a file for us. Raises Unavailable: names the file and the mend."""
    try:
        token = file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        said = getattr(error, "strerror", None) or "it is no text"
        raise Unavailable(f"LIVEPANE_ADMIN_TOKEN_FILE = {str(file)!r} cannot be read: {said}") from None
    if not _ADMIN_TOKEN.fullmatch(token):
        mend = "write at least 32 letters, digits, - or _ into it, such as what `openssl rand -hex 24` prints"
        raise Unavailable(f"LIVEPANE_ADMIN_TOKEN_FILE = {str(file)!r} holds no token that is good enough: {mend}")
    return token


def _what(row: TokenRow | None) -> str:
    match row.kind if row is not None else Kind.TOKEN:
        case Kind.SHARE | Kind.SESSION:
            return "this share link"
        case Kind.INVITE:
            return "this invitation"
        case Kind.BROWSER:
            return "your sign-in"
        case Kind.TOKEN:
            return "this token"


def _times(number: int) -> str:
    return "once" if number == 1 else f"{number} times"
