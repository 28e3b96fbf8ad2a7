"""The documentation says what the code says."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from scripts import links
from scripts.gen.pages import ROOT, pages

TYPES = ROOT / "web" / "src" / "gen" / "messages.ts"


@pytest.mark.parametrize(("path", "text"), [pytest.param(*item, id=item[0].name) for item in pages().items()])
def test_a_generated_page_is_fresh(path: Path, text: str) -> None:
    assert path.is_file(), "run `make gen` and commit what it writes"
    assert path.read_text(encoding="utf-8") == text, "run `make gen` and commit what it writes"


def test_the_generated_types_of_the_dashboard_are_fresh(tmp_path: Path) -> None:
    if shutil.which("npm") is None:
        pytest.fail("npm is not on the PATH; `make test` says what is missing")
    fresh = tmp_path / TYPES.name  # others read the one that is there
    command = ["npm", "--prefix", "web", "run", "--silent", "gen", str(fresh)]
    env = {**os.environ, "LIVEPANE_PYTHON": sys.executable}
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert [path.name for path in TYPES.parent.iterdir()] == [TYPES.name]
    assert TYPES.read_text(encoding="utf-8") == fresh.read_text(encoding="utf-8"), "run `make gen` and commit what it writes"


def test_every_link_leads_somewhere() -> None:
    assert links.problems() == []


def test_every_decision_has_a_number_of_its_own() -> None:
    numbers = [path.name.partition("-")[0] for path in sorted((ROOT / "docs/adr").glob("*.md"))]
    assert len(numbers) == len(set(numbers)), numbers
