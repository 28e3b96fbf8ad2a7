"""Real X displays for the tests: Xvfb servers that live as long as a test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from tests.integration.x_server import xvfb

StartXvfb = Callable[..., str]


@pytest.fixture
def start_xvfb() -> Iterator[StartXvfb]:
    """Start a display of a given size, with more Xvfb options if need be: start_xvfb(800, 600) -> ":42"."""
    with ExitStack() as stack:
        yield lambda width, height, *options: stack.enter_context(xvfb(width, height, *options))[0]


@pytest.fixture
def x_display(start_xvfb: StartXvfb) -> str:
    """An empty X display of 1280x720 without a window manager. Pass it on by name; os.environ stays as it is."""
    return start_xvfb(1280, 720)
