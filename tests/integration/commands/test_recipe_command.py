"""`livepane recipe`: what it says of good and of wrong recipes, and a trial where no server runs."""

from __future__ import annotations

import asyncio
import json
from asyncio.subprocess import DEVNULL, PIPE
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from livepane.cli import app
from livepane.scrapers.media.recipes.book import INCLUDED
from livepane.scrapers.media.recipes.model import schema
from tests.forking.child import program
from tests.galleries.fastdl import replica
from tests.serving import environment

GOOD = 'name = "mine"\nabout = "Mine."\n'


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A folder with a recipe that is good, and one that is not."""
    (tmp_path / "recipes").mkdir()
    (tmp_path / "recipes" / "mine.toml").write_text(GOOD)
    (tmp_path / "recipes" / "bad.json").write_text('{"name": "bad",\n "about": "\\u001b[31m",\n "stebs": []}')
    return tmp_path


def recipe(*words: str, folder: Path) -> Result:
    """Run it in this process, with a data folder."""
    environment = {"LIVEPANE_DATA_DIR": str(folder), "LIVEPANE_RECIPES_DIR": None, "LIVEPANE_SERVER": None}
    return CliRunner().invoke(app, ["recipe", *words], env=environment)


def test_the_list_shows_all_and_says_which_cannot_be_used(own: Path) -> None:
    said = recipe("list", folder=own)
    assert said.exit_code == 2
    lines = {line.split()[0]: line for line in said.stdout.splitlines()}
    assert set(lines) == {"bad", "fastdl", "gallery", "mine"}
    assert "(takes a user name)" in lines["fastdl"]
    assert "(own) cannot be used" in lines["bad"]
    assert "did you mean 'steps'?" in lines["bad"]
    as_json = [json.loads(line) for line in recipe("list", "--json", folder=own).stdout.splitlines()]
    assert [one["name"] for one in as_json if one["error"]] == ["bad"]


def test_show_prints_a_file_that_check_finds_good(own: Path) -> None:
    said = recipe("show", "fastdl", folder=own)
    assert said.stdout == (INCLUDED / "fastdl.toml").read_text()
    (own / "recipes" / "fastdl.toml").write_text(said.stdout)
    (own / "recipes" / "bad.json").unlink()
    said = recipe("check", folder=own)
    assert (said.exit_code, said.stderr) == (0, "")
    assert f"2 recipes of your own in {own / 'recipes'}" in said.stdout
    assert "'fastdl' is good, 3 steps, cards 'li.profile-media-list__item', takes a user name" in said.stdout
    assert "'mine' is good, 0 steps, items found by themselves" in said.stdout


def test_check_names_file_and_line_and_steers_no_terminal(own: Path) -> None:
    (own / "esc.toml").write_text(GOOD + 'start = "\\u001b[31m"\n')
    said = recipe("check", str(own / "esc.toml"), str(own / "none.toml"), folder=own)
    assert said.exit_code == 2
    assert said.stderr.splitlines()[0].startswith(f"{own}/esc.toml:3: start = '\\x1b[31m': ")
    assert said.stderr.splitlines()[1] == f"{own}/none.toml: it cannot be read: No such file or directory"
    assert "\x1b" not in said.stderr
    assert recipe("check", folder=own).exit_code == 2


def test_the_schema_is_printed_and_an_unknown_name_gets_a_hint(own: Path) -> None:
    assert json.loads(recipe("schema", folder=own).stdout) == schema()
    said = recipe("show", "galery", folder=own)
    assert (said.exit_code, said.stderr) == (2, "Error: there is no recipe 'galery'; did you mean 'gallery'?\n")


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("nowhere.toml", "https://example.org/"), "nowhere.toml: it cannot be read"),
        (("fastdl",), "the recipe 'fastdl' needs a URL, or a --user for it"),
        (("gallery",), "the recipe 'gallery' needs a URL"),
    ],
)
def test_a_trial_that_cannot_begin_says_why(own: Path, words: tuple[str, ...], complaint: str) -> None:
    said = recipe("try", *words, folder=own)
    assert said.exit_code == 2
    assert complaint in said.stderr


async def test_without_a_server_a_trial_has_one_of_its_own_and_shows_where_it_ended(tmp_path: Path) -> None:
    with replica() as site:
        process = await asyncio.create_subprocess_exec(
            *(*program(), "recipe", "try", "fastdl", site.base, "--user", "nobody", "--pause", "0"),
            env=environment(tmp_path, LIVEPANE_ALLOW_PRIVATE_TARGETS=site.base.removeprefix("http://"), LIVEPANE_ROOT_PATH="/x"),
            stdin=DEVNULL,
            stdout=PIPE,
            stderr=PIPE,
        )
        output, errors = await process.communicate()
    assert process.returncode == 3, errors.decode()
    assert errors.decode().startswith("Watch it at http://127.0.0.1:")
    steps = output.decode().splitlines()
    assert set(steps[:-1]) == {  # the banner comes when it likes
        f"Opening {site.base}/",
        "Filling the user name   [#search-form-input]",
        "Asking for the user's posts   [button.search-form__button]",
        "Closing a banner   [button.cookie-policy__button]",
        "Waiting for the results   [li.profile-media-list__item]",
    }
    assert steps[-1].startswith("failed, 0 items: not_found: step 3 (wait 'li.profile-media-list__item'): the site has nothing")
