"""The pictures that a bare consumer keeps: who may read which of them."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from livepane.auth.keyring import Keyring
from livepane.auth.register import registered
from livepane.bus.kafka.newest import Newest
from livepane.commands.consume import _application
from livepane.commands.consume_door import Door
from livepane.store.tokens import Kind


@pytest.fixture
def newest(tmp_path: Path) -> Newest:
    """Two streams, of an earlier start."""
    folder = tmp_path / "pictures"
    folder.mkdir()
    for name in ("tab%3Aone", "page%3Atwo"):
        (folder / f"{name}.jpg").write_bytes(name.encode())
    return Newest(folder)


def asking(newest: Newest, keyring: Keyring | None) -> httpx.AsyncClient:
    door = Door(_application(newest, tells_why=keyring is None), keyring, 8090, ["kiosk.example"])
    return httpx.AsyncClient(transport=httpx.ASGITransport(door), base_url="http://localhost:8090")


async def test_programs_of_this_machine_need_no_token_and_a_name_that_is_not_ours_is_refused(newest: Newest) -> None:
    async with asking(newest, None) as client:
        assert (await client.get("/latest?stream=tab:one")).content == b"tab%3Aone"
        assert "reason" in (await client.get("/healthz")).json()
        for host, status in (("kiosk.example", 200), ("evil.example", 403), ("localhost:1", 403)):
            assert (await client.get("/latest", headers={"Host": host})).status_code == status


async def test_others_see_what_their_token_is_for(newest: Newest, tmp_path: Path) -> None:
    keyring, admin = Keyring.of(tmp_path / "data")
    async with registered(keyring) as (register, _), asking(newest, keyring) as client:
        one = {"name": "n", "streams": ("tab:one",), "seconds": None}
        watching, _ = await register.make(Kind.TOKEN, roles=("viewer",), **one)  # type: ignore[arg-type]
        feeding, _ = await register.make(Kind.TOKEN, roles=("producer",), **one)  # type: ignore[arg-type]
        assert [(await client.get(f"/latest{asked}")).status_code for asked in ("", "?token=null", f"?token={feeding}")] == [
            401,
            401,
            403,
        ]
        assert (await client.get("/healthz")).json() == {"status": "ok", "kafka": "connecting"}
        client.headers["Authorization"] = f"Bearer {watching}"
        assert (await client.get("/latest")).content == b"tab%3Aone"
        assert (await client.get("/latest?stream=page:two")).status_code == 404
        assert [one["stream"] for one in (await client.get("/streams")).json()["streams"]] == ["tab:one"]
        client.headers["Authorization"] = f"Bearer {admin}"
        assert (await client.get("/latest?stream=page:two")).content == b"page%3Atwo"
