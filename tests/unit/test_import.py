"""What `import livepane` costs somebody else's script."""

from __future__ import annotations

import subprocess
import sys

import pytest

import livepane

HEAVY = {"asyncio", "fastapi", "numpy", "playwright", "pydantic", "starlette", "uvicorn", "websockets"}


def loaded_by(code: str) -> set[str]:
    """The top-level modules that a fresh interpreter has loaded after running `code`."""
    command = [sys.executable, "-c", f"import sys; {code}; print(*sys.modules)"]
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return {name.partition(".")[0] for name in output.split()}


def test_the_package_itself_loads_nothing() -> None:
    assert loaded_by("import livepane") & HEAVY == set()


def test_watch_and_action_need_neither_playwright_nor_the_server() -> None:
    assert loaded_by("import livepane; livepane.watch; livepane.action('x')") & HEAVY <= {"asyncio"}


def test_an_unknown_name_is_an_ordinary_error() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'wach'"):
        livepane.wach  # noqa: B018
    assert {"watch", "watch_sync", "action"} <= set(dir(livepane))
