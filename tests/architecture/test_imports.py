"""The floors of the architecture hold."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_no_file_imports_from_a_floor_above_its_own() -> None:
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as main; main()"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_default_install_needs_no_extra() -> None:
    """The package and the server can be imported where playwright, mss and xcffib are not installed."""
    blocked = "import sys; sys.modules.update(dict.fromkeys(['playwright', 'mss', 'xcffib'])); import livepane, livepane.asgi"
    done = subprocess.run([sys.executable, "-c", blocked], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
