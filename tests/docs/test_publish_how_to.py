"""The how-to about pictures by single requests: every command and script as it stands, in a shell, Python and Node."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from tests.docs.blocks import DOCS, Block, blocks
from tests.docs.reader import Reader
from tests.patience import PATIENCE
from tests.pictures import image, jpeg
from tests.serving import Server, server

__all__ = ["server"]

PAGE = DOCS / "howto" / "publish-pictures.md"


def written_in(language: str) -> list[Block]:
    return [block for block in blocks(PAGE) if block.language == language]


async def latest(server: Server, source: str, wanted: bytes | None = None) -> bytes:
    """The newest picture of a source, once there is one, or this one."""
    async with server.http() as client, asyncio.timeout(PATIENCE):
        while True:
            answer = await client.get("/latest", params={"stream": source})
            if answer.status_code == 200 and wanted in (None, answer.content):
                return answer.content
            await asyncio.sleep(0.05)


async def title(server: Server, stream: str) -> str:
    async with server.http() as client:
        return str((await client.get(f"/api/streams/{stream}")).json()["title"])


async def test_every_command_shows_its_picture(server: Server, tmp_path: Path) -> None:
    once, again, curl, get, token = written_in("sh")
    reader = Reader(tmp_path, server)
    (tmp_path / "chart.png").write_bytes(image("png", 1))
    (tmp_path / "shot.jpg").write_bytes(jpeg(2))
    assert (await reader.do(once)).strip() == f"{server.url}/view/tab:sales"
    assert await latest(server, "sales") == image("png", 1)
    assert await title(server, "tab:sales") == "Sales today"
    assert (await reader.do(curl)).strip() == '{"status":"ok"}'
    await reader.do(get)
    assert (tmp_path / "latest.jpg").read_bytes() == await latest(server, "camera") == jpeg(2)
    assert (await reader.do(token)).strip().startswith("lp_")
    async with server.http(headers=server.admin) as client:
        (made,) = [one for one in (await client.get("/api/tokens")).json()["tokens"] if one["name"] == "camera"]
        assert (made["roles"], made["streams"]) == (["producer"], ["tab:camera*"])

    every = Block("sh", "exec " + again.text.replace("--every 5", "--every 0.2"), again.line)
    running = asyncio.get_running_loop().create_task(reader.do(every, code=-15), name="livepane publish --every")
    for number in (3, 4):  # drawn anew, also while half of it is written
        (tmp_path / "chart.png").write_bytes(image("png", number)[:100])
        (tmp_path / "chart.png").write_bytes(image("png", number))
        await latest(server, "sales", image("png", number))
    running.cancel()
    await asyncio.wait([running])


async def test_the_scripts_show_their_pictures(server: Server, tmp_path: Path) -> None:
    (python,), (node,) = written_in("python"), written_in("js")
    reader = Reader(tmp_path, server)
    (tmp_path / "shot.jpg").write_bytes(jpeg(5))
    for block, file, command in ((python, "publish.py", [sys.executable]), (node, "publish.mjs", ["node"])):
        (tmp_path / file).write_text(reader.said(block.text))
        script = await asyncio.create_subprocess_exec(*command, file, cwd=tmp_path, stdout=-1, stderr=-1)
        output, errors = await script.communicate()
        assert (script.returncode, output.decode().strip()) == (0, "ok"), errors.decode()
    for source, said in (("python", "From Python"), ("node", "From Node")):
        assert await latest(server, source) == jpeg(5)
        assert await title(server, f"tab:{source}") == said
