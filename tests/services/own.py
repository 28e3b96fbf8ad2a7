"""A Postgres of a test's own, to be stopped and started."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from scripts.services.postgres import Postgres


@contextmanager
def own_postgres() -> Iterator[Postgres]:
    """Runs inside the block. It may not be below pytest's folders: as root it runs as somebody who cannot enter those."""
    with TemporaryDirectory(prefix="livepane-postgres-") as folder:
        Path(folder).chmod(0o711)
        with Postgres(Path(folder) / "it") as postgres:
            yield postgres
