"""An admin token that somebody else made: servers that share a database share it."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from livepane.auth.keyring import ADMIN_GRANT, Keyring
from livepane.discovery import TOKEN_FILE
from livepane.domain.errors import Unavailable

OURS = "0123456789abcdef" * 3


def test_two_servers_with_one_file_have_one_admin_token(tmp_path: Path) -> None:
    file = tmp_path / "given"
    file.write_text(f"{OURS}\n")
    for name in ("first", "second"):
        keyring, token = Keyring.of(tmp_path / name, file)
        assert token == OURS
        assert keyring.bearer(OURS) == ADMIN_GRANT
        kept = tmp_path / name / TOKEN_FILE
        assert kept.read_text().strip() == OURS  # the commands of this machine find it there
        assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_the_file_replaces_the_token_that_an_earlier_start_made(tmp_path: Path) -> None:
    _, before = Keyring.of(tmp_path / "data")
    file = tmp_path / "given"
    file.write_text(OURS)
    keyring, _ = Keyring.of(tmp_path / "data", file)
    assert keyring.bearer(before) is None
    assert keyring.bearer(OURS) == ADMIN_GRANT


@pytest.mark.parametrize("text", ["", "short", "with a space in it, but long enough for a token", "é" * 40])
def test_what_anybody_could_guess_is_refused_with_the_file_and_the_mend(text: str, tmp_path: Path) -> None:
    file = tmp_path / "given"
    file.write_text(text)
    with pytest.raises(Unavailable, match=r"given.*openssl rand"):
        Keyring.of(tmp_path / "data", file)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match=r"LIVEPANE_ADMIN_TOKEN_FILE = '.*missing' cannot be read: No such file"):
        Keyring.of(tmp_path / "data", tmp_path / "missing")
