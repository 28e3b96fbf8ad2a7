"""Where Chromium is looked for, and what is said when there is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from livepane.browsers.find import find_chromium
from livepane.domain.errors import NoBrowser


def program(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return path


def test_a_configured_path_is_taken_before_anything_else(tmp_path: Path) -> None:
    program(tmp_path / "bin" / "chromium")
    mine = program(tmp_path / "my chrome")
    assert find_chromium(str(mine), env={"PATH": str(tmp_path / "bin")}) == mine


def test_a_configured_name_is_looked_up_on_the_path(tmp_path: Path) -> None:
    mine = program(tmp_path / "my-chrome")
    assert find_chromium("my-chrome", env={"PATH": str(tmp_path)}) == mine


def test_a_configured_path_without_a_program_is_an_error_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(NoBrowser, match=r"LIVEPANE_BROWSER is '.*/no-chrome'.*Set it to the path"):
        find_chromium(str(tmp_path / "no-chrome"), env={"PATH": ""})


def test_the_path_is_searched_before_playwrights_cache(tmp_path: Path) -> None:
    on_path = program(tmp_path / "bin" / "google-chrome")
    program(tmp_path / "cache" / "chromium-1200" / "chrome-linux" / "chrome")
    env = {"PATH": str(tmp_path / "bin"), "PLAYWRIGHT_BROWSERS_PATH": str(tmp_path / "cache")}
    assert find_chromium(env=env) == on_path


@pytest.mark.parametrize("folder", ["chrome-linux", "chrome-linux64"])
def test_the_newest_of_playwrights_cache_is_taken(tmp_path: Path, folder: str) -> None:
    cache = tmp_path / ".cache" / "ms-playwright"
    program(cache / "chromium-990" / folder / "chrome")
    newest = program(cache / "chromium-1200" / folder / "chrome")
    program(cache / "chromium_headless_shell-1300" / folder / "chrome")
    assert find_chromium(env={"PATH": "", "HOME": str(tmp_path)}) == newest


def test_no_chromium_anywhere_is_an_error_with_three_mends(tmp_path: Path) -> None:
    with pytest.raises(NoBrowser, match=r"apt install chromium.*playwright install chromium.*LIVEPANE_BROWSER"):
        find_chromium(env={"PATH": "", "HOME": str(tmp_path)})
