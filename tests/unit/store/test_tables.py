"""The database: its versions, and that it keeps digests and nothing else of a secret."""

from __future__ import annotations

import ast
import asyncio
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

import livepane
from livepane.domain.errors import NotFound, TooMany
from livepane.store import db
from livepane.store.clock import Clock
from livepane.store.layouts import MOST, Layout, LayoutStore
from livepane.store.tables import metadata
from livepane.store.tokens import TokenStore
from tests.credentials import token_row
from tests.services.places import Place

SOURCES = Path(livepane.__file__).parent


def test_the_code_expects_the_newest_migration_and_its_tables(place: Place) -> None:
    config = Config()
    config.set_main_option("script_location", str(SOURCES / "store" / "migrations"))
    assert ScriptDirectory.from_config(config).get_heads() == [db.NEWEST]
    engine = place.backend.writer(Clock())
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    engine.dispose()


@pytest.mark.parametrize("place", ["sqlite"], indirect=True)
async def test_the_secret_of_a_token_is_nowhere_in_the_files(place: Place) -> None:
    database = db.Database(place.backend)
    text, row = token_row("viewer")
    await TokenStore(database).add(row)
    found = await asyncio.to_thread(lambda: b"".join(path.read_bytes() for path in place.folder.iterdir()))
    await database.close()
    assert row.id.encode() in found
    assert text[16:].encode() not in found


async def test_of_two_who_take_the_last_use_one_gets_it(place: Place) -> None:
    databases = [db.Database(place.backend) for _ in range(2)]
    _, row = token_row("viewer", max_uses=1)
    stores = [TokenStore(one) for one in databases]
    await stores[0].add(row)
    assert sorted(await asyncio.gather(*(store.spend(row.id, 1) for store in stores * 4))) == [False] * 7 + [True]
    for one in databases:
        await one.close()


async def test_a_write_that_fails_half_way_has_not_happened(place: Place) -> None:
    database = db.Database(place.backend)
    store = TokenStore(database)
    _, row = token_row("viewer")
    await store.add(row)
    revision = (await store.since(-1))[0].revision
    with pytest.raises(Exception, match=r"(?i)unique"):
        await store.add(row)
    _, other = token_row("viewer")
    assert (await store.add(other)).revision == revision + 1
    await database.close()


async def test_layouts_are_kept_replaced_and_limited(place: Place) -> None:
    database = db.Database(place.backend)
    layouts = LayoutStore(database)
    for number in range(MOST):
        await layouts.put(Layout(f"{number:03}", {"n": number}, number))
    with pytest.raises(TooMany, match="delete one"):
        await layouts.put(Layout("one more", {}, 1))
    await layouts.put(Layout("000", {"n": [1, {"é": None}]}, 9))  # one that is there may change
    assert await layouts.get("000") == Layout("000", {"n": [1, {"é": None}]}, 9)
    assert [name for name, _ in await layouts.names()] == [f"{number:03}" for number in range(MOST)]
    await layouts.remove("000")
    for gone in (layouts.get("000"), layouts.remove("000")):
        with pytest.raises(NotFound):
            await gone
    await database.close()


def test_no_secret_is_compared_with_equals() -> None:
    """Digests and tokens are compared in constant time, by `texts.same`."""
    words = ("token", "digest", "secret", "cookie", "ticket", "password")
    found = []
    for path in [*SOURCES.glob("auth/*.py"), *SOURCES.glob("api/*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Compare) and any(isinstance(one, ast.Eq | ast.NotEq) for one in node.ops):
                names = [ast.unparse(one) for one in (node.left, *node.comparators)]
                secret = [name for name in names if name.rpartition(".")[2].lower().lstrip("_").removesuffix("s") in words]
                if secret:
                    found.append(f"{path.name}:{node.lineno} {ast.unparse(node)}")
    assert found == []
