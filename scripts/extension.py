"""Packs the browser extension as a store takes it: the same bytes from the same sources, on every machine.

python3 -m scripts.extension            dist/livepane-extension-<version>.zip, and unpacked dist/livepane-extension
python3 -m scripts.extension --to DIR   the same in another folder
"""

from __future__ import annotations

import argparse
import io
import json
import shutil
import stat
import zipfile
from pathlib import Path

from scripts.house import extension, node
from scripts.house.step import CACHE, ROOT, step

LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip can say
FROM_UNIX = 3


def main() -> None:
    """Build what is not built yet, pack it, and say where it is."""
    parser = argparse.ArgumentParser(prog="python3 -m scripts.extension", description="Build and pack the browser extension.")
    parser.add_argument(
        "--to", type=Path, default=ROOT / "dist", metavar="DIR", help="the folder to write it into (default: dist)"
    )
    folder: Path = parser.parse_args().to
    CACHE.mkdir(exist_ok=True)
    with step("node"):
        node.check("the extension")
    built = extension.prepare()
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"livepane-extension-{version(built)}.zip"
    target.write_bytes(packed(built))
    print(f"{target}\nunpacked, for chrome://extensions, Load unpacked: {unpacked(built, folder / 'livepane-extension')}")


def unpacked(built: Path, target: Path) -> Path:
    """The same where a file dialog shows it: it hides folders like the one that it is built in."""
    shutil.rmtree(target, ignore_errors=True)
    return Path(shutil.copytree(built, target))


def version(built: Path) -> str:
    """What the manifest says."""
    manifest = json.loads((built / "manifest.json").read_text(encoding="utf-8"))
    return str(manifest["version"])


def packed(built: Path) -> bytes:
    """The folder as a zip: no times, owners or order of a file system in it, and nothing that depends on a version of zlib."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for path in sorted(
            (path for path in built.rglob("*") if path.is_file()), key=lambda path: path.relative_to(built).as_posix()
        ):
            entry = zipfile.ZipInfo(path.relative_to(built).as_posix(), LONG_AGO)
            entry.create_system = FROM_UNIX
            entry.external_attr = (stat.S_IFREG | 0o644) << 16
            archive.writestr(entry, path.read_bytes())
    return out.getvalue()


if __name__ == "__main__":
    main()
