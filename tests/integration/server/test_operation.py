"""What an operator asks a running server: is it ready, what does it do, what does it cost."""

from __future__ import annotations

import json
import re
import shutil

from prometheus_client.parser import text_string_to_metric_families

from livepane.log.calm import NEWS
from scripts.house.tree import ROOT
from tests.contract.clients import binary, say, socket, text, viewer
from tests.contract.test_viewer_protocol import acknowledge, frame, watch
from tests.integration.web import site
from tests.pictures import jpeg
from tests.serving import Server, StartServer

Numbers = dict[tuple[str, ...], float]


async def scrape(server: Server) -> Numbers:
    """Every sample by its name and the values of its labels."""
    async with server.http() as client:
        answer = await client.get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain")
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


async def test_metrics_count_what_comes_in_goes_out_and_gets_old(start_server: StartServer) -> None:
    server = start_server()
    before = await scrape(server)
    assert before["livepane_frames_in_total",] == 0
    async with socket(server, "/ws/producer?name=bob") as producer, viewer(server) as looking:
        opened = await watch(looking, "producer:bob", fps=60)
        for number in range(3):
            await producer.send(jpeg(number))
            await acknowledge(looking, await frame(looking, opened["channel"]))
        await say(looking, type="ping", id=1)
        await text(looking, "pong")
        now = await scrape(server)
    assert now["livepane_frames_in_total",] == 3
    assert now["livepane_frames_out_total",] == 3
    assert now["livepane_picture_bytes_out_total",] == sum(len(jpeg(number)) for number in range(3))
    # The first one is as old as the viewer is late: that is no fault of ours, and it is not counted.
    assert now["livepane_picture_age_seconds_count", "socket"] == 2
    assert now["livepane_picture_age_seconds_count", "acknowledged"] == 2
    assert 0 < now["livepane_picture_age_seconds_sum", "socket"] < now["livepane_picture_age_seconds_sum", "acknowledged"]
    assert now["livepane_picture_age_seconds_bucket", "+Inf", "socket"] == 2
    assert now["livepane_viewers", "producer"] == 1
    assert now["livepane_streams", "producer", "live"] == 1
    assert now["livepane_sockets", "/ws/producer"] == 1
    assert now["livepane_sockets", "/api/live"] == 1
    assert now["process_open_fds",] > 0


async def test_what_viewers_had_is_still_counted_when_they_have_left(start_server: StartServer) -> None:
    server = start_server()
    async with socket(server, "/ws/producer?name=bob") as producer:
        await producer.send(jpeg(1))
        async with socket(server, "/ws/viewer?name=bob") as looking:
            await binary(looking)
        async with viewer(server) as told:  # until the other has really left
            streams = (await text(told, "streams"))["streams"]
            if streams[0]["viewers"]:
                await text(told, "stream", lambda said: said["stream"]["viewers"] == 0)
        now = await scrape(server)
    assert now["livepane_frames_out_total",] == 1
    assert now["livepane_viewers", "producer"] == 0


async def test_captures_and_the_cpu_of_chromium_are_counted(start_server: StartServer) -> None:
    server = start_server()
    with site() as base:
        async with server.http(headers=server.admin) as client, viewer(server) as looking:
            stream = (await client.post("/api/pages", json={"url": f"{base}/painting"})).json()["stream"]
            opened = await watch(looking, stream, width=320)
            while (now := await scrape(server)).get(("livepane_browser_cpu_seconds_total",), 0) == 0:
                await acknowledge(looking, await frame(looking, opened["channel"]))
    assert now["livepane_captures",] == 1
    assert now["livepane_cpu_used_ratio",] > 0
    assert now["livepane_capture_cpu_limit_ratio",] == 0.8
    assert now["livepane_streams_slowed",] == 0


async def test_metrics_need_somebody_who_may_see_every_stream(start_server: StartServer) -> None:
    server = start_server(LIVEPANE_AUTH="required")
    async with server.http() as client:
        assert (await client.get("/metrics")).status_code == 401
        share = await client.post("/api/shares", json={"stream": "producer:bob"}, headers=server.admin)
        bound = {"Authorization": f"Bearer {share.json()['token']}"}
        assert (await client.get("/metrics", headers=bound)).status_code == 403
        assert (await client.get("/metrics", headers=server.admin)).status_code == 200


async def test_wrong_sign_ins_are_counted(start_server: StartServer) -> None:
    server = start_server()
    async with server.http() as client:
        assert (await client.post("/api/session", json={"token": "lp_wrong"})).status_code == 401
    assert (await scrape(server))["livepane_signin_refusals_total", "wrong_token"] == 1


async def test_a_server_that_can_do_its_work_is_ready(server: Server) -> None:
    async with server.http() as client:
        answer = await client.get("/readyz")
    assert answer.status_code == 200, answer.text
    assert answer.json()["ready"] is True
    assert [check["name"] for check in answer.json()["checks"]] == ["data_folder", "database", "event_loop", "server"]


async def test_a_monitor_may_ask_for_the_head_alone(server: Server) -> None:
    async with server.http() as client:
        for path in ("/", "/healthz", "/readyz", "/health"):
            asked, whole = await client.head(path), await client.get(path)
            assert (asked.status_code, whole.status_code, asked.content) == (200, 200, b""), path
            assert asked.headers["content-type"] == whole.headers["content-type"]
            assert asked.headers["content-length"] == str(len(whole.content)) != "0"


async def test_without_its_data_folder_it_is_not_ready_and_says_why_without_naming_it(start_server: StartServer) -> None:
    server = start_server()
    kept = server.folder.with_name("kept")
    shutil.move(server.folder, kept)
    async with server.http() as client:
        answer = await client.get("/readyz")
        assert (await client.get("/healthz")).status_code == 200
    shutil.move(kept, server.folder)
    assert answer.status_code == 503
    said = {check["name"]: check["reason"] for check in answer.json()["checks"]}
    assert said["data_folder"] == "it cannot be written"
    assert said["server"] is None
    assert str(server.folder) not in answer.text


async def test_readiness_passes_nobody_whom_the_host_check_stops(server: Server) -> None:
    async with server.http() as client:
        assert (await client.get("/readyz", headers={"Host": "evil.example"})).status_code == 403


async def test_a_flood_of_bad_requests_is_no_flood_in_the_log_and_no_token_is_in_it(start_server: StartServer) -> None:
    server = start_server(LIVEPANE_LOG_FORMAT="json")
    secret = f"lp_k3f9a1b2c3d4_{'x' * 43}"
    async with server.http() as client:
        for _ in range(2 * NEWS):
            assert (await client.get("/nothing", params={"token": secret})).status_code in (401, 404)
    assert server.stop() == 0
    lines = [json.loads(line) for line in server.logged().splitlines()]
    assert all({"time", "level", "logger", "message"} <= line.keys() for line in lines)
    assert sum(line["message"].startswith("GET /nothing") for line in lines) == NEWS
    assert any(line["message"].startswith(f"… {NEWS} more of these") for line in lines)
    assert "k3f9a1b2c3d4" not in server.logged()


async def test_every_metric_of_the_documentation_is_one_that_the_server_has(start_server: StartServer) -> None:
    server = start_server(LIVEPANE_CAPTURE_FPS="10")
    async with socket(server, "/ws/producer?name=bob"), socket(server, "/ws/viewer?name=bob"):
        known = {name for name, *_ in await scrape(server)}
    documented = set(re.findall(r"\blivepane_[a-z_]+", (ROOT / "docs/howto/operate-it.md").read_text()))
    alone = {name for name in documented if not name.startswith("livepane_bus_")}  # there is none between this one and others
    assert {name for name in alone if not any(one.startswith(name) for one in known)} == set()
    ours = {name.removesuffix("_bucket").removesuffix("_count").removesuffix("_sum") for name in known if name[:9] == "livepane_"}
    assert {name for name in ours if name not in documented and not name.endswith("_created")} == set()
