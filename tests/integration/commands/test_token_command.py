"""`livepane token` as it is typed: beside a running server, and without one."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.forking.child import run
from tests.serving import Server, environment, server, serving

__all__ = ["server"]
TOKEN = re.compile(r"lp_[a-z0-9]{12}_[A-Za-z0-9_-]{43}\n")


def token(folder: Path, *arguments: str, **changes: str | None) -> subprocess.CompletedProcess[str]:
    """Run it."""
    return run("token", *arguments, env=environment(folder, **changes))


def listed(folder: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(token(folder, "list", "--json").stdout)
    return found


async def test_a_token_that_is_made_beside_a_server_works_there_and_is_the_only_thing_on_stdout(server: Server) -> None:
    made = token(server.folder, "create", "--role", "viewer", "--stream", "page:*", "--expires", "1h", "--name", "the team")
    assert (made.returncode, bool(TOKEN.fullmatch(made.stdout))) == (0, True)
    text = made.stdout.strip()
    server.gave(text)
    assert text not in made.stderr
    assert "shown once" in made.stderr
    async with server.http(headers={"Authorization": f"Bearer {text}"}) as client:
        assert (await client.get("/api/session")).json()["streams"] == ["page:*"]
        found = next(one for one in listed(server.folder) if one["name"] == "the team")
        assert (found["roles"], found["state"]) == (["viewer"], "active")
        gone = token(server.folder, "revoke", found["id"])
        assert (gone.returncode, gone.stdout) == (0, "")
        assert (await client.get("/api/session")).status_code == 401
    assert text[16:] not in token(server.folder, "list").stdout


async def test_without_a_server_it_is_written_to_the_database_and_works_when_one_starts(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    first = token(folder, "create", "--role", "operator", "--role", "producer")
    second = token(folder, "create", "--role", "viewer", "--stream", "page:a", "--stream", "tab:*", "--expires", "7d")
    assert {first.returncode, second.returncode} == {0}
    assert token(folder, "revoke", listed(folder)[0]["id"]).returncode == 0
    assert [(one["roles"], one["state"]) for one in listed(folder)] == [
        (["viewer"], "revoked"),
        (["operator", "producer"], "active"),
    ]
    with serving(tmp_path) as one:
        one.gave(first.stdout.strip(), second.stdout.strip())
        for made, status in ((first, 200), (second, 401)):
            async with one.http(headers={"Authorization": f"Bearer {made.stdout.strip()}"}) as client:
                assert (await client.get("/api/session")).status_code == status
        link = token(folder, "share", "page:a", "--uses", "2")
        assert link.stdout.startswith(f"{one.url}/view/page:a#token=lp_")
        one.gave(link.stdout.strip().partition("#token=")[2])


def test_a_link_needs_a_server_to_lead_to(tmp_path: Path) -> None:
    done = token(tmp_path / "data", "share", "page:a")
    assert (done.returncode, done.stdout) == (1, "")
    assert "livepane serve" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("create", "--role", "viewer", "--expires", "1y"), "'1y'"),
        (("create", "--role", "viewer", "--expires", "0s"), "'0s'"),
        (("create", "--role", "viewer", "--expires", "-1h"), "'-1h'"),
        (("create", "--role", "viewer", "--expires", "9999999w"), "'9999999w' is too long; from 1s to 3650d"),
        (("share", "page:a", "--expires", "30s"), "'30s' is too short; from 1m to 7d"),
        (("create", "--role", "viewer", "--stream", "nonsense"), "'nonsense'"),
        (("create", "--role", "boss"), "boss"),
        (("create",), "--role"),
        (("create", "--role", "viewer", "--name", "x" * 81), "name"),
        (("revoke",), "ID"),
    ],
)
@pytest.mark.parametrize("beside", [True, False])
def test_a_wrong_value_is_named_and_nothing_is_made(
    server: Server, tmp_path: Path, arguments: tuple[str, ...], said: str, beside: bool
) -> None:
    done = token(server.folder if beside else tmp_path, *arguments, COLUMNS="200", NO_COLOR="1")
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("beside", [True, False])
def test_an_id_that_is_not_there_is_an_error(server: Server, tmp_path: Path, beside: bool) -> None:
    done = token(server.folder if beside else tmp_path, "revoke", "../..:id")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("Error: ")


def test_who_is_no_admin_is_told_what_to_show(server: Server) -> None:
    done = token(server.folder, "list", LIVEPANE_TOKEN="wrong")
    assert done.returncode == 1
    assert "LIVEPANE_TOKEN" in done.stderr


async def test_an_operator_takes_a_link_back_as_the_command_that_made_it_says(server: Server) -> None:
    operator = token(server.folder, "create", "--role", "operator", "--stream", "page:a").stdout.strip()
    server.gave(operator)
    made = token(server.folder, "share", "page:a", LIVEPANE_TOKEN=operator)
    link = made.stdout.strip().partition("#token=")[2]
    server.gave(link)
    command = made.stderr.strip().partition("To revoke it: livepane token ")[2].split()
    shown = token(server.folder, "list", LIVEPANE_TOKEN=operator)
    assert command[1] in shown.stdout
    assert operator.split("_")[1] not in shown.stdout
    assert "share links" in shown.stderr
    gone = token(server.folder, *command, LIVEPANE_TOKEN=operator)
    assert (gone.returncode, gone.stderr) == (0, f"{command[1]} is revoked\n")
    async with server.http(headers={"Authorization": f"Bearer {link}"}) as client:
        assert (await client.get("/api/streams")).status_code == 401
    other = token(server.folder, "revoke", operator.split("_")[1], LIVEPANE_TOKEN=operator)  # a token is no share link
    assert (other.returncode, "no share link" in other.stderr) == (1, True)


def test_help_does_not_load_the_server_or_the_database() -> None:
    code = "import sys; import livepane.cli; print(*sys.modules)"
    loaded = set(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split())
    assert not loaded & {"sqlalchemy", "alembic", "aiosqlite", "fastapi", "uvicorn"}
