"""`livepane publish` where something is not as it should be, and from standard input. What it does is in the how-to's test."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner, Result

from livepane.cli import app
from tests.integration.web import refusing_port
from tests.patience import PATIENCE
from tests.pictures import jpeg
from tests.serving import Server, server

__all__ = ["server"]


def publish(*arguments: str, folder: Path, given: bytes | None = None, **changes: str) -> Result:
    variables = {"LIVEPANE_DATA_DIR": str(folder), "LIVEPANE_SERVER": None, "LIVEPANE_TOKEN": None, **changes}
    return CliRunner().invoke(app, ["publish", *arguments], input=given, env=variables)


def test_standard_input_is_shown_and_quietly_if_asked(server: Server) -> None:
    done = publish("-", "--source", "piped", "--quiet", folder=server.folder, given=jpeg(7))
    assert (done.exit_code, done.output) == (0, "")
    assert httpx.get(f"{server.url}/latest?stream=piped", trust_env=False, timeout=PATIENCE).content == jpeg(7)


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("nowhere.png",), "'nowhere.png' cannot be read"),
        (("-",), "nothing came on standard input"),
        (("/dev/zero",), "has more than 100 MiB"),
        (("-", "--every", "5"), "standard input comes once"),
        ((__file__, "--every", "0"), "--every 0 is not possible: 0.1 to 604800"),
        ((__file__, "--source", "a/b"), "source = 'a/b'"),
        ((__file__,), "not a JPEG, PNG or WebP picture"),
        ((__file__, "--every", "5"), "not a JPEG, PNG or WebP picture"),
        ((__file__, "--server", "ftp://x"), "'ftp://x' is not a server address"),
    ],
)
def test_what_is_wrong_is_named(server: Server, arguments: tuple[str, ...], complaint: str) -> None:
    done = publish(*arguments, folder=server.folder)
    assert done.exit_code == 2
    assert complaint in done.output


def test_a_server_that_is_not_there_and_a_token_that_is_none_are_named(server: Server, tmp_path: Path) -> None:
    (tmp_path / "shot.jpg").write_bytes(jpeg())
    shot = str(tmp_path / "shot.jpg")
    with refusing_port() as port:
        away = publish(shot, "--server", f"127.0.0.1:{port}", folder=tmp_path)
    nowhere = publish(shot, folder=tmp_path)
    made = httpx.post(
        f"{server.url}/api/invites", json={"name": "other"}, headers=server.admin, trust_env=False, timeout=PATIENCE
    ).json()["token"]
    server.gave(made)
    bound = publish(shot, "--server", server.url, folder=tmp_path, LIVEPANE_TOKEN=made)
    assert [one.exit_code for one in (away, nowhere, bound)] == [1, 1, 1]
    assert "cannot be reached" in away.output
    assert "livepane serve" in nowhere.output
    assert "bound to producer:other" in bound.output
