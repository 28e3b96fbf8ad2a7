"""Databases of the shared Postgres: made for a test, gone after it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from secrets import token_hex


class Databases:
    """`with databases.one() as url:`"""

    def __init__(self, url: str) -> None:
        self.url = url

    @contextmanager
    def one(self, template: str = "template1") -> Iterator[str]:
        """A database like another one, by its name; with nothing in it by default. Connections to it are ended with it."""
        name = f"test_{token_hex(6)}"
        self.run(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY file_copy')
        try:
            yield self.url.rpartition("/")[0] + f"/{name}"
        finally:
            self.run(f'DROP DATABASE "{name}" WITH (FORCE)')

    def run(self, statement: str) -> None:
        """One statement of somebody who may do everything."""
        import psycopg  # a tenth of a second: only for tests that ask for it

        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(statement)
