"""What holds for every file: short enough to read, and about the project alone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from scripts.house.tree import ROOT, written_files

LONGEST = 400  # lines; past that a noun is missing
SAYS_NOTHING = {"util", "utils", "helper", "helpers", "manager", "managers", "misc", "common"}

# The brackets keep these patterns from finding themselves.
MACHINE_PATHS = r"(?<![\w.])/(?:wor[k]|roo[t]|farm|tmp/la[b]|home/[a-z]+)/"
REGISTRY_HOSTS = r"pyp[i]\.org|pythonhosted\.or[g]|npmj[s]\.(?:org|com)|deb\.debia[n]|mave[n]\.org|proxy\.golan[g]|crate[s]\.io"
BANNED = re.compile(f"{MACHINE_PATHS}|{REGISTRY_HOSTS}")
SOURCES = [path for path in written_files(ROOT / "src") if path.suffix == ".py"]


def test_no_source_file_is_too_long_to_read() -> None:
    lengths = {path.relative_to(ROOT).as_posix(): len(path.read_text(encoding="utf-8").splitlines()) for path in SOURCES}
    assert {name: length for name, length in lengths.items() if length > LONGEST} == {}


def test_every_source_file_is_named_after_what_it_holds() -> None:
    assert [
        path.relative_to(ROOT).as_posix() for path in SOURCES if path.stem in SAYS_NOTHING or path.parent.name in SAYS_NOTHING
    ] == []


def test_no_file_names_a_machine_or_a_registry() -> None:
    found = []
    for path in written_files():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found += [f"{path.relative_to(ROOT)}: {match.group()}" for match in BANNED.finditer(text)]
    assert found == []


@pytest.mark.parametrize("name", ["run", "build", "test"])
def test_a_lock_file_gives_every_package_one_version_and_its_hashes(name: str) -> None:
    lock = (ROOT / f"requirements/{name}.lock").read_text(encoding="utf-8")
    entries = [entry for entry in re.split(r"\n(?=\S)", lock) if not entry.startswith("#")]
    assert entries
    assert [entry.partition("\n")[0] for entry in entries if "==" not in entry or "--hash=sha256:" not in entry] == []


def test_every_lock_file_agrees_with_the_others() -> None:
    versions: dict[str, set[str]] = {}
    for path in Path(ROOT / "requirements").glob("*.lock"):
        in_this_file: dict[str, list[str]] = {}
        for package, version in re.findall(r"^([\w.-]+)==([\w.+!-]+)", path.read_text(encoding="utf-8"), re.MULTILINE):
            in_this_file.setdefault(package, []).append(version)
        for package, found in in_this_file.items():
            versions.setdefault(package, set()).add(" and ".join(sorted(found)))
    assert {package: found for package, found in versions.items() if len(found) > 1} == {}


def test_limits_in_time_hold_on_every_python() -> None:
    """asyncio.timeout does not, on Debian 12: livepane.deadline says why."""
    users = [
        path.relative_to(ROOT / "src").as_posix() for path in SOURCES if "asyncio.timeout(" in path.read_text(encoding="utf-8")
    ]
    assert users == ["livepane/deadline.py"]
