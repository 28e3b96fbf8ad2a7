"""`livepane download` in a terminal and in a pipe: what it keeps, what it says, and how it ends."""

from __future__ import annotations

import json
import os
import pty
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from typer.testing import CliRunner

from livepane.cli import app
from livepane.downloads.collection import Collection
from tests.boards import Reply, Web
from tests.boards.authority import Authority
from tests.boards.nouns import Request
from tests.boards.server import Server, serving
from tests.forking.child import program
from tests.galleries.paint import picture
from tests.serving import environment

PAGE = "https://shelf.example/lamps"
# Its original is gone; the small one is there.
SMALL = '<li><a href="/horn.jpg"><img src="/small.jpg" width="120" height="80">horn</a></li>'
RECIPE = """
name = "lamps"
about = "The lamps on the shelf."

[cards]
selector = "li"
link = "a"
image = "img"
name = "{number}-{title}"
title = "a"
"""


@dataclass
class Shelf:
    """A page with three links to pictures, and a person who downloads them."""

    folder: Path
    settings: dict[str, str]
    asked: list[str] = field(default_factory=list)
    there: set[str] = field(default_factory=lambda: {"brass", "glass"})

    def words(self, *more: str) -> list[str]:
        """The command with the recipe, without its program."""
        recipe = self.folder / "lamps.toml"
        recipe.write_text(RECIPE)
        return ["download", PAGE, "--recipe", str(recipe), "--free", "0", *more]

    def command(self, *more: str) -> list[str]:
        """As it is typed."""
        return [*program(), *self.words(*more)]

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """As somebody types it into a pipe."""
        return subprocess.run(
            self.command(*words), env=self.environment, cwd=self.folder, capture_output=True, encoding="utf-8", check=False
        )

    @property
    def environment(self) -> dict[str, str]:
        """Of the command."""
        return environment(self.folder / "data", **self.settings) | {"PYTHONIOENCODING": "utf-8"}


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    web = Web()
    web.on(
        PAGE,
        "<ul>" + "".join(f'<li><a href="/{name}.jpg">{name}</a></li>' for name in ("brass", "glass", "wood")) + SMALL + "</ul>",
    )
    authority = Authority(tmp_path)
    server = Server(web, 0.0, authority.trusted(["shelf.example"]), authority.broken(["shelf.example"]))
    with serving(server) as (ip, port):
        one = Shelf(
            tmp_path,
            {
                "LIVEPANE_HOST_ADDRESSES": f"shelf.example={ip}:{port}",
                "LIVEPANE_CA_FILE": str(authority.ca_file),
                "LIVEPANE_REQUESTS_PER_SECOND": "100",
            },
        )

        def lamp(request: Request) -> Reply:
            name = request.path.strip("/").removesuffix(".jpg")
            one.asked.append(name)
            return Reply(picture(name, 600, 400), content_type="image/jpeg") if name in one.there else Reply("gone", 404)

        web.on("https://shelf.example/small.jpg", Reply(picture("horn", 120, 80), content_type="image/jpeg"))
        for name in ("brass", "glass", "wood", "horn"):
            web.on(f"https://shelf.example/{name}.jpg", lamp)
        yield one


def test_what_failed_is_said_with_its_reason_and_the_next_run_fetches_nothing_else(shelf: Shelf) -> None:
    first = shelf.run("--to", "lamps")
    assert first.returncode == 3, first.stdout + first.stderr
    summary, *failed = first.stdout.splitlines()
    assert summary.startswith("3 new, 1 failed; ")
    assert summary.endswith(str(shelf.folder / "lamps"))
    assert failed[0] == "1 failed:"
    assert "not_found: " in failed[1]
    assert "404" in failed[1]
    assert failed[2].strip() == "https://shelf.example/wood.jpg"
    assert failed[3] == "1 not in their best quality:"
    assert failed[4].endswith("a better one failed: not_found: shelf.example answers 404 (not found)")
    assert failed[5].strip() == "https://shelf.example/horn.jpg"
    assert "+ " in first.stderr  # a line for each that came
    kept = sorted(path.name for path in (shelf.folder / "lamps").glob("*.jpg"))
    assert kept == ["1-brass.jpg", "2-glass.jpg", "4-horn.jpg"]
    assert all(version.job is None for record in Collection(shelf.folder / "lamps").records() for version in record.versions)

    shelf.there.add("wood")
    shelf.asked.clear()
    second = shelf.run("--to", "lamps", "--json")
    assert second.returncode == 4, second.stdout + second.stderr  # of the horn there is a better one
    assert sorted(json.loads(line)["outcome"] for line in second.stdout.splitlines()) == ["new", "same", "same", "same"]
    assert "1 new, 3 there already" in second.stderr
    assert set(shelf.asked) == {"wood", "horn"}


def test_a_terminal_shows_a_bar_for_the_whole(shelf: Shelf) -> None:
    end, terminal = pty.openpty()
    with subprocess.Popen(
        shelf.command(), env=shelf.environment | {"TERM": "xterm", "COLUMNS": "100"}, cwd=shelf.folder, stderr=terminal, stdout=-1
    ) as process:
        os.close(terminal)
        seen = b""
        with suppress(OSError):  # the other end is closed
            while piece := os.read(end, 65536):
                seen += piece
        os.close(end)
        assert process.stdout is not None
        summary = process.stdout.read().decode()
    assert process.returncode == 3
    assert "━" in seen.decode()
    assert "/4 items" in seen.decode()
    # Without a folder of its own it stands beside what the server has downloaded.
    assert summary.splitlines()[0].endswith("data/downloads/shelf.example-lamps-lamps")
    assert (shelf.folder / "data" / "downloads" / "shelf.example-lamps-lamps" / "1-brass.jpg").is_file()


def test_an_order_that_is_wrong_is_refused_before_anybody_is_asked(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in shelf.environment.items():
        monkeypatch.setenv(name, value)
    (shelf.folder / "file").write_text("")
    for code, said, words in (
        (2, "takes no user name", ["--user", "ann"]),
        (2, "there is no recipe 'nothing'", ["--recipe", "nothing"]),
        (2, "Invalid value for '--limit'", ["--limit", "0"]),
        (2, "give one of the two", ["--to", "lamps", "--collection", "lamps"]),
        (2, "detail_pages = 'perhaps' must be one of auto, always, never", ["--recipe", "gallery", "--detail-pages", "perhaps"]),
        (3, "disk: ", ["--to", str(shelf.folder / "file" / "x")]),
    ):
        done = CliRunner().invoke(app, shelf.words(*words))
        assert (done.exit_code, done.exception.__class__) == (code, SystemExit), done.output
        assert said in done.stderr
        assert done.stdout == ""  # nobody has looked for anything
    assert shelf.asked == []
