"""The Python environment in .venv: what the lock files say, and this project in place."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from scripts.house import debian
from scripts.house.stamp import Stamp
from scripts.house.step import ROOT, Failed, Step, step

VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
LOCKS = ROOT / "requirements"
PIP_ENV = {
    "PIP_DEFAULT_TIMEOUT": os.environ.get("PIP_DEFAULT_TIMEOUT", "60"),
    "PIP_RETRIES": os.environ.get("PIP_RETRIES", "5"),
    "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    "PIP_NO_INPUT": "1",
    "PIP_PROGRESS_BAR": "off",
    "PIP_ROOT_USER_ACTION": "ignore",
}


def prepare(*, tests: bool) -> None:
    """Make .venv what the lock files say; `tests` adds what the checks and tests need."""
    locks = ["build", "run", *(["test"] if tests else [])]
    with step("python packages") as one:
        made_anew = _make_venv(one)
        installed = [_install_lock(one, name, made_anew) for name in locks]
        installed.append(_install_project(one, made_anew))
        if not any(installed):
            one.note = "up to date"


def venv_packages() -> list[str]:
    """Debian takes ensurepip out of Python and puts it into a package of its own: that one, when it is needed.

    Raises:
        Failed: this Python cannot make environments, and it is not Debian's.
    """
    probe = "import ensurepip, venv; ensurepip.version()"
    if subprocess.run([sys.executable, "-c", probe], capture_output=True, check=False).returncode == 0:
        return []
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    if debian.has_apt() and Path(sys.executable).resolve().parent == Path("/usr/bin"):
        return [f"python{version}-venv"]
    raise Failed(
        f"Python {version} at {sys.executable} cannot make environments: its ensurepip module is missing. "
        "Install a complete Python 3.11 or newer and name it: make setup PYTHON=/path/to/python3"
    )


def _make_venv(one: Step) -> bool:
    """True when it had to be made (again): there was none, its Python has gone, or the folder has moved."""
    stamp = Stamp("venv", [], ROOT, sys.version)
    if stamp.fresh and _works():
        return False
    if VENV.exists():
        shutil.rmtree(VENV)
    one.run(sys.executable, "-m", "venv", VENV)
    stamp.keep()
    return True


def _works() -> bool:
    """Its Python starts and has a pip."""
    if not PYTHON.is_file():
        return False
    return subprocess.run([str(PYTHON), "-c", "import pip"], capture_output=True, check=False).returncode == 0


def _install_lock(one: Step, name: str, made_anew: bool) -> bool:
    lock = LOCKS / f"{name}.lock"
    stamp = Stamp(f"lock-{name}", [lock], ROOT, sys.version)
    if stamp.fresh and not made_anew:
        return False
    # The build tools came first, from their own lock: nothing that is built here fetches unlocked ones.
    # Without --no-compile it would compile every module of every package, one after the other; what is imported is compiled then.
    words = ["--require-hashes", "--no-build-isolation", "--no-compile"]
    one.run(PYTHON, "-m", "pip", "install", *words, "-r", lock, env=PIP_ENV)
    stamp.keep()
    return True


def _install_project(one: Step, made_anew: bool) -> bool:
    stamp = Stamp("project", [ROOT / "pyproject.toml", ROOT / "src/livepane/__init__.py"], ROOT, sys.version)
    if stamp.fresh and not made_anew:
        return False
    one.run(PYTHON, "-m", "pip", "install", "--no-deps", "--no-build-isolation", "--editable", ROOT, env=PIP_ENV)
    stamp.keep()
    return True
