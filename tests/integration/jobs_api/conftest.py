"""A server with scrapers for the tests, shared by the tests of the API."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.serving import Server, serving


@pytest.fixture(scope="package")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that knows the scrapers of `plugin.py`."""
    with serving(tmp_path_factory.mktemp("jobs"), LIVEPANE_PLUGINS=str(Path(__file__).with_name("plugin.py"))) as one:
        yield one
