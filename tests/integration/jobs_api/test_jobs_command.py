"""`livepane jobs` as it is typed, against a running server."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from livepane.cli import app
from tests.serving import Server


@pytest.fixture
def typed(server: Server) -> Any:
    """Types a command beside the server: `typed("list")`."""

    def run(*words: object, **changes: str | None) -> Result:
        environment = {"LIVEPANE_DATA_DIR": str(server.folder), "LIVEPANE_SERVER": None, "LIVEPANE_TOKEN": None, "COLUMNS": "200"}
        found = CliRunner().invoke(app, ["jobs", *map(str, words)], env=environment | changes)
        assert "Traceback" not in found.output
        return found  # type: ignore[return-value]

    return run


def test_a_job_is_added_watched_shown_and_its_results_are_written(typed: Any, tmp_path: Path) -> None:
    added = typed(
        "add", "counting", "acme.example", "--option", "to=2", "--option", "text=@x", "--group", "cli", "--priority", -3
    )
    assert (added.exit_code, added.stderr) == (0, "")
    number = added.stdout.strip()

    watched = typed("watch", number)
    assert watched.exit_code == 0
    assert [
        word
        for word in ("queued", "started, attempt 1", "Counting", "+ acme.example 1", "succeeded, 2 items")
        if word not in watched.stdout
    ] == []
    events = [json.loads(line) for line in typed("watch", "--group", "cli", "--json").stdout.splitlines()]
    assert events[-1]["data"]["state"] == "succeeded"

    shown = typed("show", number).stdout
    assert [
        word for word in ("acme.example", "succeeded", "-3", "cli", f"/view/job:{number}", "counted") if word not in shown
    ] == []
    assert json.loads(typed("show", number, "--json").stdout)["options"] == {"to": 2, "text": "@x"}
    listed = typed("list", "--group", "cli", "--state", "succeeded")
    assert listed.stdout.splitlines()[1].split()[:4] == [number, "succeeded", "counting", "acme.example"]
    assert "succeeded" in listed.stderr

    lines = typed("results", number).stdout.splitlines()
    assert [json.loads(line)["number"] for line in lines] == [0, 1]
    file = tmp_path / "results.csv"
    assert typed("results", number, "--format", "csv", "-o", file).stdout == ""
    assert list(csv.DictReader(io.StringIO(file.read_text("utf-8-sig"))))[1]["formula"] == "'@x"


def test_jobs_are_cancelled_tried_again_and_deleted(typed: Any) -> None:
    first, second = typed("add", "waiting", "x", "y", "--group", "cli-waiting").stdout.split()
    ended = typed("cancel", first)
    assert (ended.exit_code, ended.stdout.split()[0]) == (0, first)
    refused = typed("delete", second)  # it waits or runs
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert "cancel it first" in refused.stderr
    assert typed("cancel", "--group", "cli-waiting").exit_code == 0
    watched = typed("watch", "--group", "cli-waiting")
    assert (watched.exit_code, watched.stdout.count("cancelled, ")) == (3, 2)  # none of them succeeded
    assert typed("retry", first).stdout == f"{first} is queued\n"
    assert typed("cancel", first).exit_code == 0
    assert typed("watch", first).exit_code == 3
    deleted = typed("delete", first, second, 999_999_999)
    assert (deleted.exit_code, deleted.stdout) == (1, f"{first} is deleted\n{second} is deleted\n")
    assert "999999999" in deleted.stderr


def test_what_a_page_said_cannot_steer_the_terminal(typed: Any) -> None:
    number = typed("add", "counting", "evil\u202e\u2028.example", "--option", "to=1").stdout.strip()
    for words in (("watch", number), ("show", number), ("list", "--limit", 1)):
        assert not set(typed(*words).stdout) & set("\u202e\u2028\x1b")


@pytest.mark.parametrize(
    ("words", "code", "named"),
    [
        (("add", "nothing", "x"), 2, "counting"),
        (("add", "counting", "x", "--option", "to"), 2, "NAME=VALUE"),
        (("add", "counting", "x", "--option", "to=many"), 2, "integer"),
        (("add", "counting", "x", "--priority", "50"), 2, "-10"),
        (("add", "counting"), 2, "TARGET"),
        (("show", "999999999"), 1, "999999999"),
        (("show", "x"), 2, "'ID'"),
        (("results", "999999999", "-o", "nowhere.csv"), 1, "999999999"),
        (("watch", "1", "--group", "a"), 2, "either"),
        (("watch", "--group", "nobody"), 1, "nobody"),
        (("cancel",), 2, "--group"),
        (("list", "--server", "127.0.0.1:1"), 1, "cannot be reached"),
        (("list", "--server", "a b"), 2, "a b"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(typed: Any, words: tuple[str, ...], code: int, named: str) -> None:
    done = typed(*words)
    assert (done.exit_code, done.stdout) == (code, "")
    assert named in done.stderr
    assert not Path("nowhere.csv").exists()


def test_without_a_server_it_says_how_to_start_one(typed: Any, tmp_path: Path) -> None:
    done = typed("list", LIVEPANE_DATA_DIR=str(tmp_path))
    assert (done.exit_code, "livepane serve" in done.stderr) == (1, True)


def test_who_may_not_is_told_what_to_show(typed: Any) -> None:
    number = typed("add", "counting", "x").stdout.strip()
    assert typed("watch", number).exit_code == 0
    done = typed("delete", number, LIVEPANE_TOKEN="wrong")
    assert (done.exit_code, "LIVEPANE_TOKEN" in done.stderr) == (1, True)
