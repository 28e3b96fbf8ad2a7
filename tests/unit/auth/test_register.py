"""What is made by showing a credential: it hangs on that one alone, and leaves room for others."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from livepane.auth import register as module
from livepane.auth.keyring import Keyring
from livepane.auth.register import Register, registered
from livepane.domain.access import Grant
from livepane.domain.errors import TooMany
from livepane.store.tokens import Kind
from tests.services.places import Place


@pytest.fixture
async def register(place: Place) -> AsyncIterator[Register]:
    keyring, _ = Keyring.of(place.folder, None, place.backend)
    async with registered(keyring) as (one, _):
        yield one


async def shared(register: Register) -> Grant:
    """A share link that was shown."""
    text, _ = await register.make(Kind.SHARE, name="", roles=("viewer",), streams=("page:x",), seconds=3600)
    grant = register.keyring.bearer(text)
    assert grant is not None
    return grant


async def opened(register: Register, by: Grant) -> tuple[str, Grant]:
    """A session that was opened, and what it allows."""
    parent = register.origin(by)
    text, _ = await register.make(Kind.SESSION, name="", roles=("viewer",), streams=("page:x",), seconds=60, parent=parent)
    grant = register.keyring.bearer(text)
    assert grant is not None
    return text, grant


async def test_a_session_that_a_session_opened_hangs_on_the_link(register: Register) -> None:
    link = await shared(register)
    _, first = await opened(register, link)
    _, second = await opened(register, first)
    row = register.keyring.row(second.id)
    assert row is not None
    assert row.parent == link.id


async def test_too_many_sessions_of_one_link_push_out_its_own_and_nobody_else_s(
    register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "SESSIONS_OF_ONE", 3)
    link, other = await shared(register), await shared(register)
    _, theirs = await opened(register, other)
    _, watching = await opened(register, link)
    async with register.keyring.inside.stay(watching, lambda: None):
        later = [(await opened(register, link))[1] for _ in range(3)]
        why_not = register.keyring.why_not
        assert [why_not(grant.id) is None for grant in (theirs, watching, *later)] == [True, True, False, True, True]


async def test_sessions_without_number_leave_room_for_tokens(register: Register, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST", 2)
    link = await shared(register)
    for _ in range(2):
        await opened(register, link)
    with pytest.raises(TooMany, match="2 sessions already"):
        await opened(register, link)
    await shared(register)
    with pytest.raises(TooMany, match="2 tokens and links already"):
        await shared(register)
