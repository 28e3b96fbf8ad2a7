"""Where credentials are made and ended: the table first, then the mirror that the door reads."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from livepane.auth.keyring import ADMIN, ADMIN_GRANT, Keyring, grant_of
from livepane.auth.texts import digest_of, new_text
from livepane.discovery import TOKEN_FILE, read_admin_token
from livepane.domain.access import Grant
from livepane.domain.errors import NotFound, TooMany, Unauthorised, Unavailable
from livepane.store.db import Database
from livepane.store.tokens import SESSIONS, Kind, TokenRow, TokenStore

log = logging.getLogger(__name__)

LOOK_EVERY = 0.4  # seconds between two looks at what other processes have written
LOOK_AT_LEAST = 10.0  # the same, while the database is away
NOTE_EVERY = 60.0  # seconds between two writings of when tokens were last used
MOST = 10_000  # tokens, share links and invitations that work; and as many sessions
SESSIONS_OF_ONE = 1000  # that work at a time: whoever holds one token leaves room for others
KEPT = 30 * 86_400_000  # ms that a dead one is kept, so that its holder is told what happened to it
SESSIONS_KEPT = 3_600_000  # the same, of sessions
TIDY_EVERY = 3600.0  # seconds between two removals of dead ones
BROWSER_DAYS = 30


class Register:
    """Makes and ends the credentials of one keyring."""

    def __init__(self, keyring: Keyring, store: TokenStore) -> None:
        self.keyring = keyring
        self._store = store
        keyring.count = self.spend

    async def load(self) -> None:
        """Fill the mirror."""
        self.keyring.name_cookie(await self._store.server_name())
        with suppress(Unavailable):  # a full disk stops no start
            await self._tidy()
        await self.refresh()

    async def refresh(self) -> None:
        """Bring the mirror up to date with what was written, here or by another process."""
        rows = await self._store.since(self.keyring.revision)
        self.keyring.put(rows)
        self.keyring.seen(max((row.revision for row in rows), default=-1))

    async def make(
        self,
        kind: Kind,
        *,
        name: str,
        roles: tuple[str, ...],
        streams: tuple[str, ...],
        seconds: float | None,
        max_uses: int | None = None,
        parent: Grant | None = None,
    ) -> tuple[str, TokenRow]:
        """A new credential: its text, which nobody can show again, and its row. It dies with its parent.

        Raises:
            TooMany: there are too many already.
            Unavailable: it cannot be written.
        """
        keyring = self.keyring
        await self._make_room(kind, parent)
        token_id, text = new_text()
        now = keyring.now()
        ends = [] if seconds is None else [now + int(seconds * 1000)]
        if parent is not None and parent.expires_at is not None:
            ends.append(int(parent.expires_at * 1000))
        row = TokenRow(
            id=token_id,
            kind=kind,
            name=name,
            roles=tuple(sorted(roles)),
            streams=streams,
            digest=digest_of(text),
            created_at=now,
            expires_at=min(ends, default=None),
            max_uses=max_uses,
            parent=None if parent is None else parent.id,
            parent_digest=None if parent is None else keyring.digest(parent.id),
        )
        row = await self._store.add(row)
        keyring.put([row])
        return text, row

    async def sign_in(self, grant: Grant) -> tuple[str, TokenRow]:
        """A session for a browser that has shown a token: its cookie value, and its row."""
        roles = tuple(str(role) for role in grant.roles)
        return await self.make(
            Kind.BROWSER,
            name=grant.name,
            roles=roles,
            streams=grant.streams.patterns,
            seconds=BROWSER_DAYS * 86400,
            parent=grant,
        )

    def origin(self, grant: Grant | None) -> Grant | None:
        """The token that a browser signed in with, or the link that a session opened: what is made by them dies with that."""
        while grant is not None and (row := self.keyring.row(grant.id)) is not None and row.kind in SESSIONS:
            if row.parent == ADMIN:
                return ADMIN_GRANT
            parent = self.keyring.row(row.parent or "")
            if parent is None:
                break
            grant = grant_of(parent)
        return grant

    async def _make_room(self, kind: Kind, parent: Grant | None) -> None:
        """See that one more fits; of too many sessions of one token the one goes that was not used for the longest time.

        Raises:
            TooMany: there are too many already.
        """
        keyring = self.keyring
        alike = [row for row in keyring.alive() if (row.kind in SESSIONS) == (kind in SESSIONS)]
        if kind in SESSIONS and parent is not None:
            siblings = [row for row in alike if row.parent == parent.id]
            if len(siblings) >= SESSIONS_OF_ONE:
                await self.revoke(min(siblings, key=self._missed).id)
                return
        if len(alike) >= MOST:
            what = "sessions" if kind in SESSIONS else "tokens and links"
            raise TooMany(f"there are {MOST:,} {what} already; revoke some, or wait for others to expire")

    def _missed(self, row: TokenRow) -> tuple[bool, int]:
        """How much a session would be missed: one that shows something now the most."""
        keyring = self.keyring
        return keyring.inside.count(row.id) > 0, keyring.used.get(row.id) or row.last_used_at or row.created_at

    async def revoke(self, token_id: str) -> None:
        """It does not work from now on, nor does what was made with it; whoever is inside with it has to leave.

        Raises:
            NotFound: there is no such credential.
            Unavailable: that could not be written; it does not work until a restart all the same.
        """
        keyring = self.keyring
        if keyring.row(token_id) is None:
            raise NotFound(f"there is no token {token_id[:80]!r}; GET /api/tokens lists what there is")
        try:
            await self._store.revoke(token_id, keyring.now())
        except Unavailable as error:
            keyring.strike(token_id)
            raise Unavailable(
                f"{error} It lets nobody in for now, but would again after a restart: revoke it once more then."
            ) from None
        await self.refresh()

    async def spend(self, grant: Grant) -> None:
        """Count one use of a credential whose uses are limited.

        Raises:
            Unauthorised: none is left: somebody else was faster.
            Unavailable: it cannot be counted, so it is not let in.
        """
        if not await self._store.spend(grant.id, self.keyring.now()):
            await self.refresh()
            raise Unauthorised("this link has been opened as often as it could be; ask for a new one")
        await self.refresh()

    async def note(self) -> None:
        """Write down when credentials were last used."""
        keyring = self.keyring
        used, keyring.used = keyring.used, {}
        if not used:
            return
        try:
            await self._store.used(used)
        except Unavailable:
            keyring.used = used | keyring.used
            raise
        keyring.noted(used)

    @asynccontextmanager
    async def kept_fresh(self) -> AsyncIterator[None]:
        """Follow the table and the file of the admin token while the block runs."""
        loop = asyncio.get_running_loop()
        tasks = [loop.create_task(self._follow(), name="tokens"), loop.create_task(self._note(), name="tokens used")]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)
            with suppress(Unavailable):
                await self.note()

    async def _follow(self) -> None:
        admin = AdminFile(self.keyring)
        pause = LOOK_EVERY
        while True:
            await asyncio.sleep(pause)
            admin.look()
            self.keyring.inside.look()  # what has expired, also when somebody has set the clock
            try:
                await self.refresh()
            except Unavailable as error:
                if pause == LOOK_EVERY:
                    log.warning("what other programs do to the tokens is not seen for now: %s", error)
                pause = min(pause * 2, LOOK_AT_LEAST)
            else:
                if pause > LOOK_EVERY:
                    log.info("the tokens can be read again")
                pause = LOOK_EVERY

    async def _note(self) -> None:
        tidied = time.monotonic()
        while True:
            await asyncio.sleep(NOTE_EVERY)
            with suppress(Unavailable):  # whoever wants something written is told
                await self.note()
                if time.monotonic() - tidied > TIDY_EVERY:
                    tidied = time.monotonic()
                    await self._tidy()

    async def _tidy(self) -> None:
        now = self.keyring.now()
        await self._store.prune(now - KEPT, now - SESSIONS_KEPT)
        self.keyring.forget(now - KEPT, now - SESSIONS_KEPT)


class AdminFile:
    """The file of the admin token: a new content signs everybody out who came in by the old one."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring
        self._seen = self._stamp()

    def look(self) -> None:
        """Read it again if it has been written."""
        stamp = self._stamp()
        if stamp is None or stamp == self._seen or self._keyring.folder is None:
            return
        token = read_admin_token(self._keyring.folder)
        if token is None:  # half written, or emptied: what was good stays good
            return
        self._seen = stamp
        if not self._keyring.is_admin(digest_of(token)):
            self._keyring.replace_admin(token)
            log.warning("the admin token was replaced: whoever signed in with the old one has to sign in again")

    def _stamp(self) -> tuple[int, int] | None:
        try:
            found = (Path(self._keyring.folder or "") / TOKEN_FILE).stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_ino


@asynccontextmanager
async def registered(keyring: Keyring) -> AsyncIterator[tuple[Register, Database]]:
    """The register of a keyring's data folder, followed while the block runs.

    Raises:
        Unavailable: the database cannot be read.
    """
    assert keyring.kept_in is not None, "a keyring without a database has no table"  # noqa: S101 - a mistake of ours
    database = Database(keyring.kept_in)
    try:
        keyring.clock = database.clock.seconds  # machines that share a database agree on when a token ends
        register = Register(keyring, TokenStore(database))
        await register.load()
        async with register.kept_fresh():
            yield register, database
    finally:
        await database.close()
