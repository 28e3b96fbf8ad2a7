"""The files of this repository that people write, without asking git (which may not be installed)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MADE = {"node_modules", "__pycache__", "dist", "build", "htmlcov", "test-results", "playwright-report"}
BUILT_DASHBOARD = ROOT / "src" / "livepane" / "web"


def written_files(top: Path = ROOT) -> Iterator[Path]:
    """Every file below `top` but what tools have made there; hidden folders only where they are ours."""
    for path in sorted(top.iterdir()):
        if path.is_dir():
            ours = path.name == ".ci" or not path.name.startswith(".")
            if ours and path.name not in MADE and path != BUILT_DASHBOARD:
                yield from written_files(path)
        elif not path.is_symlink():
            yield path
