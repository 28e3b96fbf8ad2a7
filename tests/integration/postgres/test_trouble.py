"""What can be wrong with a Postgres: each is said with its mend and without a secret; nothing is lost or done twice."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import psycopg
import pytest
from pydantic import ValidationError
from sqlalchemy import update

from livepane.auth.keyring import Keyring
from livepane.auth.register import registered
from livepane.commands import provenance
from livepane.commands.doctor.database import shared
from livepane.commands.doctor.finding import Level
from livepane.domain.errors import Unavailable
from livepane.domain.job import EventKind, JobState, NewJob
from livepane.jobs.leases import Leases
from livepane.settings import Settings
from livepane.store import db
from livepane.store.postgres import Postgres
from livepane.store.tables import jobs
from livepane.store.tokens import Kind
from scripts.services.postgres import PASSWORD
from scripts.services.program import free_port
from tests.forking.child import run
from tests.integration.postgres.lossy import wire
from tests.services.databases import Databases
from tests.services.places import prepared_postgres
from tests.services.queues import queue_in
from tests.serving import environment

__all__ = ["prepared_postgres"]

HOUR = 3600 * 10**9


@contextmanager
def guest(postgres: Databases, rights: str) -> Iterator[tuple[str, str]]:
    """A user who may do little, and the password."""
    name = f"guest_{time.monotonic_ns()}"
    postgres.run(f"CREATE ROLE {name} LOGIN PASSWORD '{PASSWORD}' {rights}")
    try:
        yield name, PASSWORD
    finally:
        postgres.run(f"DROP OWNED BY {name}")
        postgres.run(f"DROP ROLE {name}")


@pytest.mark.parametrize(
    ("change", "says", "mend"),
    [
        ((PASSWORD, "wrong-canary"), "password authentication failed", "user or the password in DATABASE_URL is wrong"),
        (("/test_", "/no_test_"), "does not exist", "createdb"),
        (("@127.0.0.1:{port}", "@127.0.0.1:{closed}"), "refused", "Postgres runs there and that this machine reaches it"),
        (("@127.0.0.1:{port}", "@no.such.host.invalid:5432"), "", "this machine reaches it"),
        (("://livepane", "://{few}"), "too many connections", "LIVEPANE_DATABASE_CONNECTIONS"),
    ],
)
async def test_a_database_that_cannot_be_reached_is_an_error_with_its_mend(
    postgres: Databases, prepared_postgres: str, change: tuple[str, str], says: str, mend: str
) -> None:
    port = prepared_postgres.rpartition(":")[2].partition("/")[0]
    with guest(postgres, "CONNECTION LIMIT 0") as (few, _):
        names = {"port": port, "closed": str(free_port()), "few": few}
        url = prepared_postgres.replace(change[0].format(**names), change[1].format(**names))
        assert url != prepared_postgres
        with pytest.raises(Unavailable) as start:
            db.prepare(Postgres(url))
        database = db.Database(Postgres(url))
        with pytest.raises(Unavailable) as reading:
            await database.ping()
        with pytest.raises(Unavailable) as writing:
            await database.write(lambda connection: None)
        await database.close()
    for error in (start, reading, writing):
        assert says in error.value.message
        assert mend in error.value.message
        assert "canary" not in error.value.message
        assert PASSWORD not in error.value.message
        assert "\n" not in error.value.message


async def test_a_process_whose_connections_are_all_in_use_says_so_and_takes_no_more(
    prepared_postgres: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("livepane.store.postgres.LOCKED_FOR", 1)
    database = db.Database(Postgres(prepared_postgres, connections=2))
    async with database.reading():
        with pytest.raises(Unavailable, match=r"in use.*LIVEPANE_DATABASE_CONNECTIONS"):
            await database.ping()
    await database.ping()
    await database.close()


def test_without_the_driver_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(Unavailable, match=r"pip install 'livepane\[postgres\]'"):
        db.chosen(Settings(database_url="postgresql://u:p@h/d"))


def test_programs_that_begin_at_once_make_one_set_of_tables_and_one_that_is_newer_is_named(
    postgres_url: str, tmp_path: Path
) -> None:
    def program(number: int) -> str:
        done = run("token", "list", env=environment(tmp_path / str(number), DATABASE_URL=postgres_url))
        return done.stderr if done.returncode else ""

    async def together() -> list[str]:
        return await asyncio.gather(*(asyncio.to_thread(program, number) for number in range(3)))

    assert asyncio.run(together()) == [""] * 3
    with psycopg.connect(postgres_url) as connection:
        assert connection.execute("SELECT count(*) FROM server").fetchone() == (1,)
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    said = program(0)
    assert "of a newer Livepane (version '9999')" in said
    assert "Traceback" not in said
    assert PASSWORD not in said


async def test_machines_whose_clocks_are_an_hour_apart_agree_on_leases(
    prepared_postgres: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = time.time_ns
    for off in (-HOUR, HOUR):
        async with queue_in(Postgres(prepared_postgres)) as here:
            with monkeypatch.context() as wrong:
                wrong.setattr(time, "time_ns", lambda off=off: right() + off)
                async with queue_in(Postgres(prepared_postgres)) as there:
                    [job] = await there.add([NewJob("k", "t")])
                    assert abs(job.created_at - right() // 10**6) < 60_000
                    [held] = await Leases(there).claim(1)
                    there.journal.write(held, EventKind.ACTION, {"label": "x"})
                    await there.journal.flush()
            assert await Leases(here).reap() == [], "its lease has just begun"
            assert all(abs(line.at - right() // 10**6) < 60_000 for line in await here.journal.read(job.id))
            ran_out = update(jobs).where(jobs.c.id == job.id).values(lease_until=1)
            async with here.database.writing() as connection:
                await connection.execute(ran_out)
            assert [one.id for one in await Leases(here).reap()] == [job.id]
            await here.cancel(job.id)


async def test_a_token_ends_on_every_machine_at_the_same_moment(
    prepared_postgres: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def machine(name: str) -> Keyring:
        return Keyring.of(tmp_path / name, None, Postgres(prepared_postgres))[0]

    right, right_ns = time.time, time.time_ns
    async with registered(machine("right")) as (ours, _):
        monkeypatch.setattr(time, "time", lambda: right() + 3600)
        monkeypatch.setattr(time, "time_ns", lambda: right_ns() + HOUR)
        async with registered(machine("ahead")) as (theirs, _):
            made = [await one.make(Kind.TOKEN, name="", roles=("viewer",), streams=(), seconds=600) for one in (ours, theirs)]
            for register in (ours, theirs):
                await register.refresh()
                ends = [grant.expires_at for text, _ in made if (grant := register.keyring.bearer(text)) is not None]
                assert [abs((end or 0) - right() - 600) < 60 for end in ends] == [True, True]
        monkeypatch.undo()


@pytest.mark.parametrize("cut", ["before", "after"])
async def test_a_commit_whose_answer_is_lost_has_happened_once_or_not_at_all(
    prepared_postgres: str, cut: Literal["before", "after"]
) -> None:
    async with wire(prepared_postgres) as one, queue_in(Postgres(one.url)) as queue:
        [first] = await queue.add([NewJob("k", "first")])
        one.cut = cut
        if cut == "before":
            with pytest.raises(Unavailable):
                await queue.add([NewJob("k", cut)])
        else:
            [second] = await queue.add([NewJob("k", cut)])
            assert second.id > first.id
        assert one.cuts == 1
        assert [job.target for job in await queue.find(text=cut)] == ([] if cut == "before" else [cut])
        [third] = await queue.add([NewJob("k", "third")])  # it has connected again
        assert third.state is JobState.QUEUED


def test_the_doctor_knows_the_database_and_config_show_keeps_its_password(postgres: Databases, prepared_postgres: str) -> None:
    def found(url: str) -> tuple[Level, str]:
        [finding] = shared(Settings(database_url=url))
        assert PASSWORD not in str(finding)
        return finding.level, f"{finding.says} {finding.mend}"

    level, says = found(prepared_postgres)
    assert level is Level.OK
    assert f"version {db.NEWEST}" in says
    with postgres.one() as empty:
        assert "empty: the first start makes its tables" in found(empty)[1]
        with guest(postgres, "") as (name, _):
            level, says = found(empty.replace("://livepane", f"://{name}"))
            assert (level, "GRANT CREATE ON SCHEMA" in says) == (Level.PROBLEM, True)
    level, says = found(prepared_postgres.replace(PASSWORD, "canary"))
    assert (level, "canary" in says, "password" in says) == (Level.PROBLEM, False, True)
    assert shared(Settings()) == []

    for url in (prepared_postgres + "?password=canary", "mysql://u:canary@h/d"):
        shown = {one.name: one for one in provenance.read({"database_url": url}, {})}["database_url"]
        assert "canary" not in str(shown)
        assert PASSWORD not in str(shown)
    assert shown.problem is not None
    assert "postgresql://user:password@host:5432/name" in shown.problem
    with pytest.raises(ValidationError) as refused:
        Settings(database_url="mysql://u:canary@h/d")
    assert "canary" not in str(refused.value)
    assert isinstance(db.chosen(Settings(database_url="")), db.Sqlite)
