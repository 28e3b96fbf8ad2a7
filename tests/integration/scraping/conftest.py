"""What the tests of scraping share."""

from __future__ import annotations

import pytest

from tests.integration.scraping.made import Serve


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Serve:
    """`with served(web) as made:` a small web of one's own."""
    return Serve(tmp_path_factory.mktemp("authority"))
