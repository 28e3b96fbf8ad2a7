"""The life of share links, as a state machine: created, opened, used up, revoked, expired; on the real table."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule

from livepane.auth.keyring import Keyring
from livepane.auth.register import Register
from livepane.domain.access import Grant, Role
from livepane.domain.errors import Unauthorised
from livepane.store.db import Database, prepare
from livepane.store.tokens import Kind, TokenStore


@dataclass(eq=False)
class Link:
    """What we believe of a link."""

    text: str
    id: str
    ends: float
    left: int | None
    revoked: bool = False
    sessions: list[str] = field(default_factory=list)


class ShareLinks(RuleBasedStateMachine):
    """Two servers on one database: what one does the other has to believe after it has looked."""

    links = Bundle("links")

    @initialize()
    def start(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.folder = Path(tempfile.mkdtemp())
        prepare(self.folder)
        self.now = 1_000_000.0
        self.database = Database(self.folder)
        self.here, self.there = self.server(), self.server()
        self.all: list[Link] = []

    def server(self) -> Register:
        keyring = Keyring("admin-token-of-a-test", self.folder, clock=lambda: self.now)
        register = Register(keyring, TokenStore(self.database))
        self.loop.run_until_complete(register.load())
        return register

    def teardown(self) -> None:
        if hasattr(self, "loop"):
            self.loop.run_until_complete(self.database.close())
            self.loop.close()
            shutil.rmtree(self.folder)

    @rule(target=links, uses=st.none() | st.integers(1, 3), seconds=st.integers(60, 600))
    def create(self, uses: int | None, seconds: int) -> Link:
        making = self.here.make(Kind.SHARE, name="", roles=("viewer",), streams=("page:x",), seconds=seconds, max_uses=uses)
        text, row = self.loop.run_until_complete(making)
        link = Link(text, row.id, self.now + seconds, uses)
        self.all.append(link)
        return link

    @rule(link=links, at_the_other=st.booleans())
    def open(self, link: Link, at_the_other: bool) -> None:
        register = self.there if at_the_other else self.here
        if at_the_other:
            self.loop.run_until_complete(register.refresh())
        if self.good(link) and link.left != 0:
            grant = register.keyring.bearer(link.text)
            assert grant is not None
            assert grant.roles == {Role.VIEWER}
            assert grant.streams.patterns == ("page:x",)
            self.loop.run_until_complete(register.keyring.spend(grant))
            text, _ = self.loop.run_until_complete(
                register.make(Kind.SESSION, name="", roles=("viewer",), streams=("page:x",), seconds=9999, parent=grant)
            )
            link.sessions.append(text)
            link.left = None if link.left is None else link.left - 1
        else:
            with pytest.raises(Unauthorised):
                register.keyring.bearer(link.text)

    @rule(link=links)
    def open_by_a_server_that_has_not_looked(self, link: Link) -> None:
        """Its mirror is of an earlier time; the table is not."""
        try:
            grant = self.there.keyring.bearer(link.text)
        except Unauthorised:
            return
        if grant is None or not grant.limited:
            return
        if self.good(link) and link.left:
            self.loop.run_until_complete(self.there.keyring.spend(grant))
            link.left -= 1
        else:
            with pytest.raises(Unauthorised):
                self.loop.run_until_complete(self.there.keyring.spend(grant))

    @rule(link=links)
    def revoke(self, link: Link) -> None:
        self.loop.run_until_complete(self.here.refresh())
        self.loop.run_until_complete(self.here.revoke(link.id))
        link.revoked = True

    @rule(seconds=st.integers(1, 300))
    def time_passes(self, seconds: int) -> None:
        self.now += seconds

    @rule()
    def restart(self) -> None:
        self.here = self.server()

    @invariant()
    def nobody_gets_in_who_should_not(self) -> None:
        if not hasattr(self, "all"):
            return
        self.loop.run_until_complete(self.here.refresh())
        keyring = self.here.keyring
        for link in self.all:
            row = keyring.row(link.id)
            assert row is not None
            expected = (
                "revoked" if link.revoked else "expired" if self.now >= link.ends else "used up" if link.left == 0 else "active"
            )
            assert keyring.state(row) == expected
            for session in link.sessions:
                assert admitted(keyring, session) == self.good(link)
            assert admitted(keyring, link.text[:-1] + ("A" if link.text[-1] != "A" else "B")) is None
            assert keyring.cookie(link.text) is None

    def good(self, link: Link) -> bool:
        return not link.revoked and self.now < link.ends


def admitted(keyring: Keyring, text: str) -> bool | None:
    """Whether a text lets somebody in; None: it is unknown."""
    try:
        found: Grant | None = keyring.bearer(text)
    except Unauthorised:
        return False
    return None if found is None else True


TestShareLinks = ShareLinks.TestCase
TestShareLinks.settings = settings(max_examples=30, stateful_step_count=25, deadline=None)
