"""The extension as a store gets it: what is in the zip, and that the same sources give the same bytes."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

from livepane import __version__
from scripts.extension import packed, version
from scripts.house.extension import BUILT, EXTENSION, NOT_SOURCES, SHARED
from scripts.house.tree import ROOT

pytestmark = [pytest.mark.packaging, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def archive() -> zipfile.ZipFile:
    """The zip of this very tree."""
    if not (BUILT / "manifest.json").is_file():
        pytest.fail("extension/.output holds no built extension: run `make extension` first")
    return zipfile.ZipFile(io.BytesIO(packed(BUILT)))


@pytest.fixture(scope="module")
def manifest(archive: zipfile.ZipFile) -> dict[str, object]:
    """As a browser reads it: at the top of the archive."""
    return dict(json.loads(archive.read("manifest.json")))


def test_the_same_sources_give_the_same_bytes_in_another_folder(tmp_path: Path) -> None:
    ours, theirs = EXTENSION, tmp_path / "elsewhere" / "extension"
    shutil.copytree(ours, theirs, ignore=lambda _, names: [name for name in names if name in NOT_SOURCES or name.startswith(".")])
    for shared in SHARED:
        copy = tmp_path / "elsewhere" / shared.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        if shared.is_dir():
            shutil.copytree(shared, copy)
        else:
            shutil.copyfile(shared, copy)
    (theirs / "node_modules").symlink_to(ours / "node_modules")
    command = ["npm", "run", "--silent", "build"]
    done = subprocess.run(
        command, cwd=theirs, env={**os.environ, "TZ": "Asia/Tokyo"}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    again = theirs / BUILT.relative_to(EXTENSION)
    assert _content(again) == _content(BUILT)
    assert packed(again) == packed(BUILT)


def test_times_and_owners_of_files_are_not_packed(tmp_path: Path) -> None:
    copy = shutil.copytree(BUILT, tmp_path / "copy")
    for path in copy.rglob("*"):
        path.chmod(0o700)
        os.utime(path, (1_000_000_000, 1_000_000_000))
    assert packed(copy) == packed(BUILT)


def test_the_zip_is_whole_and_has_everything_that_its_manifest_names(
    archive: zipfile.ZipFile, manifest: dict[str, object]
) -> None:
    assert archive.testzip() is None
    names = set(archive.namelist())
    assert [name for name in _files_named(manifest) if name not in names] == []
    assert [name for name in names if name.endswith((".map", ".ts"))] == []


def test_it_has_the_version_of_the_server(manifest: dict[str, object]) -> None:
    assert manifest["manifest_version"] == 3
    assert version(BUILT) == __version__


def test_it_asks_for_nothing_at_its_installation_that_warns(manifest: dict[str, object]) -> None:
    """Reading every site is asked for when automatic capture is switched on, and not before."""
    assert "host_permissions" not in manifest
    assert "<all_urls>" in _list(manifest, "optional_host_permissions")
    assert set(_list(manifest, "permissions")) <= {"activeTab", "alarms", "offscreen", "scripting", "storage"}
    assert set(_list(manifest, "optional_permissions")) <= {"tabCapture"}
    assert "content_scripts" not in manifest


def test_no_code_comes_from_elsewhere(archive: zipfile.ZipFile) -> None:
    for name in archive.namelist():
        if name.endswith((".js", ".html")):
            text = archive.read(name).decode()
            assert "eval(" not in text, name
            assert "new Function" not in text, name
            assert 'src="http' not in text, name


def _list(manifest: dict[str, object], key: str) -> list[str]:
    found = manifest.get(key, [])
    assert isinstance(found, list)
    return [str(one) for one in found]


def _files_named(part: object) -> list[str]:
    """Every text in the manifest that looks like a file of ours."""
    if isinstance(part, dict):
        return [name for value in part.values() for name in _files_named(value)]
    if isinstance(part, list):
        return [name for value in part for name in _files_named(value)]
    looks = isinstance(part, str) and "/" not in part[:1] and part.endswith((".js", ".html", ".css", ".png", ".json"))
    return [str(part)] if looks else []


def _content(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
