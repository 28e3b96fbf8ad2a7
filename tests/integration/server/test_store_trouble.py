"""A full disk, a folder that cannot be written, a locked database: a clear error, and what is watched goes on."""

from __future__ import annotations

import resource
import sqlite3
import stat
import subprocess
from pathlib import Path

import pytest
from sqlalchemy import event

from livepane.domain.errors import Unavailable
from livepane.store import db
from livepane.store.db import FILE
from livepane.store.layouts import Layout, LayoutStore
from tests.contract.clients import binary, closed, socket
from tests.forking.child import run
from tests.integration.server.test_what_ends import STREAM, bearer, make, share, shown
from tests.serving import StartServer, environment


def disk(pid: int, *, full: bool) -> None:
    """Let no write of a process succeed, as on a full disk; or let them all."""
    _, most = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (1 if full else most, most))


async def test_on_a_full_disk_nothing_new_is_made_and_everything_else_goes_on(start_server: StartServer) -> None:
    one = start_server()
    made, limited, other = await share(one), await share(one, uses=5), await share(one)
    async with (
        shown(one),
        one.http(headers=one.admin) as admin,
        socket(one, "/ws/viewer?name=shown", additional_headers=bearer(made["token"])) as watching,
        socket(one, "/ws/viewer?name=shown", additional_headers=bearer(other["token"])) as leaving,
    ):
        await binary(watching)
        await binary(leaving)
        disk(one.process.pid, full=True)
        for refused in (
            await admin.post("/api/shares", json={"stream": STREAM}),
            await admin.post("/api/tokens", json={"roles": ["viewer"], "expires_in_seconds": None}),
            await admin.put("/api/layouts/x", json={"wall": {}}),
            await admin.post("/api/session", json={"token": one.token}),
        ):
            assert refused.status_code == 503, refused.text
            assert str(one.folder) in refused.json()["detail"]
            assert "Free some space" in refused.json()["detail"]
        async with one.http(headers=bearer(limited["token"])) as client:  # a use that cannot be counted is not given
            assert (await client.post("/api/shares/open")).status_code == 503
        async with socket(one, "/ws/viewer?name=shown", additional_headers=bearer(made["token"])) as also:
            await binary(also)
        assert (await admin.get("/api/tokens")).status_code == 200
        assert (await admin.get("/api/layouts")).json() == {"layouts": []}
        assert (await admin.post("/api/tickets")).status_code == 201
        # What cannot be written down works all the same for now, and says so.
        revoked = await admin.delete(f"/api/tokens/{other['info']['id']}")
        assert (revoked.status_code, "after a restart" in revoked.json()["detail"]) == (503, True)
        assert (await closed(leaving))[0] == 4401
        disk(one.process.pid, full=False)
        assert (await admin.post("/api/shares", json={"stream": STREAM})).status_code == 201
        assert (await admin.delete(f"/api/tokens/{other['info']['id']}")).status_code == 204
        assert watching.close_code is None


async def test_a_database_that_another_program_keeps_locked_is_an_error_that_says_so(start_server: StartServer) -> None:
    one = start_server()
    with sqlite3.connect(one.folder / FILE, isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        async with one.http(headers=one.admin) as admin:
            refused = await admin.post("/api/shares", json={"stream": STREAM})
            assert (refused.status_code, "locked" in refused.json()["detail"]) == (503, True)
            assert (await admin.get("/api/tokens")).status_code == 200
            other.execute("ROLLBACK")
            assert (await admin.post("/api/shares", json={"stream": STREAM})).status_code == 201
    other.close()


async def test_everything_in_the_data_folder_is_for_its_owner_alone(start_server: StartServer) -> None:
    one = start_server()
    await make(one, "/api/tokens", name="", roles=["viewer"], expires_in_seconds=60)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in one.folder.iterdir() if path.is_file()}
    assert {FILE, f"{FILE}-wal", f"{FILE}-shm", "admin-token", "server.json"} <= modes.keys()
    assert set(modes.values()) == {0o600}


def test_a_folder_that_cannot_be_written_stops_a_command_with_its_name() -> None:
    folder = Path("/sys/livepane")  # nobody may make a folder there, root neither
    done = run("token", "create", "--role", "viewer", env=environment(folder))
    assert (done.returncode, done.stdout) == (1, "")
    assert str(folder) in done.stderr
    assert "LIVEPANE_DATA_DIR" in done.stderr
    assert "Traceback" not in done.stderr


async def test_a_database_that_became_read_only_can_still_be_read(tmp_path: Path) -> None:
    db.prepare(tmp_path)
    database = db.Database(tmp_path)
    event.listen(database.engine.sync_engine, "connect", lambda connection, _: connection.execute("PRAGMA query_only = ON"))
    layouts = LayoutStore(database)
    assert await layouts.names() == []
    with pytest.raises(Unavailable, match="yours to write") as refused:
        await layouts.put(Layout("x", {}, 1))
    assert str(tmp_path) in refused.value.message
    assert await layouts.names() == []
    await database.close()


def test_a_database_that_is_none_and_one_of_a_newer_version_are_named(tmp_path: Path) -> None:
    folder = tmp_path / "data"

    def listed() -> subprocess.CompletedProcess[str]:
        return run("token", "list", env=environment(folder))

    assert listed().returncode == 0
    with sqlite3.connect(folder / FILE) as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    database.close()
    newer = listed()
    assert (newer.returncode, "of a newer Livepane" in newer.stderr, str(folder) in newer.stderr) == (1, True, True)
    for path in folder.glob(f"{FILE}*"):
        path.unlink()
    (folder / FILE).write_text("this is no database, though it is long enough to look like one" * 100)
    damaged = listed()
    assert (damaged.returncode, "damaged" in damaged.stderr, "Traceback" in damaged.stderr) == (1, True, False)
