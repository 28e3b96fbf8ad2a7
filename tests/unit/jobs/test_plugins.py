"""Plug-ins: a file with a scraper in it is loaded, and anything else stops the start with an error that says why."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from livepane.cli import app
from livepane.domain.errors import BadRequest
from livepane.jobs import plugins
from livepane.scrapers.contract import SCRAPERS

GOOD = """
from livepane.scrapers import scraper

@scraper("{name}", about="A test.")
async def it(work):
    yield {{"target": work.target}}
"""
BROKEN = {
    "import": ("import no_such_module\n", "line 1: ModuleNotFoundError: No module named 'no_such_module'"),
    "syntax": ("x = 1\nx = = 2\n", "line 2: SyntaxError"),
    "raises": ("def f():\n    raise KeyError('k')\n\nf()\n", "line 2: KeyError"),
    "exits": ("raise SystemExit(0)\n", "line 1: SystemExit"),
    "nothing": ("x = 1\n", "declares no scraper"),
    "taken": (GOOD.format(name="job_postings"), "two scrapers called 'job_postings'"),
    "half": (GOOD.format(name="half") + "\n1 / 0\n", "ZeroDivisionError"),
}


@pytest.fixture(autouse=True)
def scrapers() -> Iterator[None]:
    """What a test has declared is gone after it."""
    plugins.load()
    before, loaded = dict(SCRAPERS), set(plugins._loaded)
    yield
    SCRAPERS.clear()
    SCRAPERS.update(before)
    plugins._loaded.clear()
    plugins._loaded.update(loaded)


def write(folder: Path, text: str, name: str = "mine.py") -> Path:
    path = folder / name
    path.write_text(text)
    return path


def test_a_file_is_loaded_once_however_often_it_is_named(tmp_path: Path) -> None:
    path = write(tmp_path, GOOD.format(name="mine"))
    plugins.load([path])
    found = SCRAPERS["mine"]
    plugins.load([path, tmp_path / "." / "mine.py"])
    assert SCRAPERS["mine"] is found
    assert "job_postings" in SCRAPERS  # what comes along is there too


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_plug_in_is_an_error_that_names_file_line_and_reason(name: str, tmp_path: Path) -> None:
    text, says = BROKEN[name]
    path = write(tmp_path, text)
    before = dict(SCRAPERS)
    with pytest.raises(BadRequest) as refused:
        plugins.load([path])
    assert str(path) in refused.value.message
    assert says in refused.value.message
    assert before == SCRAPERS
    with pytest.raises(BadRequest):
        plugins.load([path])  # still


@pytest.mark.parametrize(("name", "says"), [("missing.py", "it is no file"), ("mine.txt", "does not end in .py")])
def test_what_is_no_python_file_is_refused(name: str, says: str, tmp_path: Path) -> None:
    write(tmp_path, GOOD.format(name="mine"), "mine.txt")
    with pytest.raises(BadRequest, match=says):
        plugins.load([tmp_path / name])


def test_a_server_with_a_broken_plug_in_does_not_start(tmp_path: Path) -> None:
    path = write(tmp_path, BROKEN["raises"][0])
    for options, variables in ((["--plugin", str(path)], {}), ([], {"LIVEPANE_PLUGINS": f"{path},"})):
        said = CliRunner().invoke(app, ["serve", "--data-dir", str(tmp_path / "data"), *options], env=variables)
        assert said.exit_code == 2
        assert f"livepane serve: the plug-in {str(path)!r} cannot be loaded, line 2: KeyError: 'k'" in said.output
    assert not (tmp_path / "data").exists()


def test_installed_packages_bring_scrapers_along(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "site"
    info = package / "headline_scrapers-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: headline-scrapers\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[{plugins.GROUP}]\nheadlines = headline_scrapers\n")
    write(package, GOOD.format(name="headlines"), "headline_scrapers.py")
    monkeypatch.syspath_prepend(package)
    importlib.invalidate_caches()
    plugins.load()
    assert SCRAPERS["headlines"].run.__module__ == "headline_scrapers"
    (info / "entry_points.txt").write_text(f"[{plugins.GROUP}]\nheadlines = no_such_scrapers\n")
    with pytest.raises(BadRequest, match=r"'headlines' of headline-scrapers .*no_such_scrapers"):
        plugins.load()
