"""The HTTP client of a job, over the real proxy, against sites that behave and sites that do not."""

from __future__ import annotations

import asyncio
import base64
import ssl
import subprocess
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from livepane.egress import guard
from livepane.egress.account import Budget
from livepane.egress.egress import Egress
from livepane.egress.options import Outside, Politeness
from livepane.egress.trust import key_hashes
from livepane.scrapers.contract import ScrapeError
from tests.certificates import Certificate, certificate
from tests.integration.egress.town import Town, canary, listening, town, way_out
from tests.integration.web import until

SITE = "http://acme.example"


async def failing(one: Town, path: str, budget: Budget | None = None, *, answer_seconds: float = 20.0) -> ScrapeError:
    async with (
        way_out(one, "acme.example", "other.example", answer_seconds=answer_seconds) as egress,
        egress.http(budget) as http,
    ):
        with pytest.raises(ScrapeError) as error:
            await http.get(SITE + path)
        return error.value


async def test_an_answer_tells_where_it_came_from_and_what_it_cost() -> None:
    async with town() as one, way_out(one, "acme.example", "www.acme.example", contact="https://me.example") as egress:
        async with egress.http(Budget(), 7) as http:
            answer = await http.get(f"{SITE}/to?url=http://www.acme.example/jobs%3Fpage=1#list")
            assert (answer.status, answer.url) == (200, "http://www.acme.example/jobs?page=1")
            assert answer.body == b"<title>www.acme.example/jobs?page=1</title>"
            assert answer.redirects == (f"{SITE}/to?url=http://www.acme.example/jobs%3Fpage=1",)
            assert answer.content_type.startswith("text/html")
            assert http.requests == 4  # with a robots.txt of each host
            assert http.bytes > 4 * 100
            assert "user-agent: Livepane/0.1.0 (+https://me.example)" in one.heads[0]
            assert "livepane" not in one.heads[0].lower().replace("livepane/0.1.0", "")
            posted = await http.post_json(f"{SITE}/echo", {"query": "ü"})
            assert posted.body.decode() == 'POST {"query": "ü"}'
        assert egress.proxy.find("job-7") is None


@pytest.mark.parametrize("status", [401, 403, 404, 429, 500])
async def test_any_status_is_an_answer(status: int) -> None:
    async with town() as one, way_out(one, "acme.example") as egress, egress.http() as http:
        assert (await http.get(f"{SITE}/no?status={status}")).status == status
        assert one.asked.count(f"acme.example /no?status={status}") == 1


@pytest.mark.parametrize("status", [429, 503])
async def test_a_host_that_says_when_is_asked_again_then(status: int) -> None:
    async with town() as one, way_out(one, "acme.example") as egress, egress.http() as http:
        assert (await http.get(f"{SITE}/busy?status={status}")).body == b"try 3"
        late = await http.get(f"{SITE}/busy?status={status}&after=3600")
        assert (late.status, late.body) == (status, b"try 1")  # in an hour is no answer


@pytest.mark.parametrize(
    ("path", "code", "words"),
    [
        ("/loop", "budget", "in a circle"),
        ("/on-and-on", "budget", "on and on"),
        ("/endless", "budget", "larger than 1 MB"),
        ("/huge", "budget", "larger than 1 MB"),
        ("/bomb", "budget", "larger than 1 MB"),
        ("/drip", "timeout", "within 1 s"),
        ("/silent", "timeout", "within 1 s"),
        ("/garbage", "http", "does not answer in HTTP"),
        ("/half", "http", "before the answer was complete"),
        ("/gone", "http", "without an answer"),
        ("/to?url=http://127.0.0.1/", "refused_target", "loopback"),
        ("/to?url=file:///etc/passwd", "refused_target", "not file:"),
        ("/to?url=http://inside.example/", "refused_target", "its name leads to a loopback address"),
    ],
)
async def test_what_goes_wrong_has_a_code_and_a_sentence(path: str, code: str, words: str) -> None:
    async with town() as one:
        error = await failing(one, path, Budget(body=1_000_000), answer_seconds=1.0)
        assert (error.code, words in error.message) == (code, True), error
        assert one.asked.count(f"acme.example {path}") <= (1 if code == "budget" and "loop" not in path else 11)


async def test_a_site_cannot_speak_for_the_proxy() -> None:
    async with town() as one, way_out(one, "acme.example") as egress, egress.http() as http:
        forged = await http.get(f"{SITE}/forged")
        assert (forged.status, "proxy-status" in forged.headers) == (502, False)


async def test_robots_txt_is_asked_once_for_each_host_and_obeyed_after_redirects() -> None:
    async with town() as one:
        one.robots["acme.example"] = (200, "User-agent: Livepane\nDisallow: /private\n\nUser-agent: *\nDisallow: /\n")
        one.robots["other.example"] = (200, "User-agent: *\nDisallow: /secret\nCrawl-delay: 1\n")
        async with way_out(one, "acme.example", "other.example") as egress, egress.http() as http:
            answers = await asyncio.gather(*(http.get(f"{SITE}/{page}") for page in range(5)))
            assert {answer.status for answer in answers} == {200}
            for url in (f"{SITE}/private/x", f"{SITE}/to?url=http://other.example/secret"):
                with pytest.raises(ScrapeError) as error:
                    await http.get(url)
                assert error.value.code == "robots_disallowed"
                assert not error.value.retry
            with pytest.raises(ScrapeError, match="robots_disallowed"):
                await http.permit("http://other.example/secret")
            await http.permit("http://other.example/")
            assert (await http.get(f"{SITE}/private/x", robots=False)).status == 200
            assert [asked for asked in one.asked if "robots" in asked] == [
                "acme.example /robots.txt",
                "other.example /robots.txt",
            ]


async def test_a_robots_txt_that_fails_forbids_and_one_that_is_missing_allows() -> None:
    async with town() as one:
        one.robots |= {"acme.example": (503, ""), "other.example": (403, "")}
        async with way_out(one, "acme.example", "other.example") as egress, egress.http() as http:
            with pytest.raises(ScrapeError) as error:
                await http.get(f"{SITE}/")
            assert (error.value.code, error.value.retry) == ("robots_disallowed", True)
            assert (await http.get("http://other.example/")).status == 200


async def test_a_job_that_has_spent_its_requests_or_bytes_gets_no_more() -> None:
    async with town() as one, way_out(one, "acme.example") as egress:
        async with egress.http(Budget(requests=3), "few") as http:
            assert [(await http.get(f"{SITE}/{page}")).status for page in (1, 2)] == [200, 200]
            with pytest.raises(ScrapeError, match="3 requests"):
                await http.get(f"{SITE}/3")
        async with egress.http(Budget(bytes=300_000), "small") as http:
            with pytest.raises(ScrapeError, match=r"more than 0.3 MB"):
                await http.get(f"{SITE}/endless")
            with pytest.raises(ScrapeError, match="budget"):
                await http.get(f"{SITE}/")
        async with egress.http(Budget(), "other") as http:
            assert (await http.get(f"{SITE}/")).status == 200  # nobody else is touched


async def test_a_job_whose_time_is_up_is_cut_off_and_waiting_for_its_turn_does_not_count() -> None:
    async with town() as one, way_out(one, "acme.example") as egress, egress.http(Budget(seconds=0.3)) as http:
        with http.account.waiting():
            await asyncio.sleep(0.4)
            assert (await http.get(f"{SITE}/")).status == 200
        assert http.account.spent is None
        with pytest.raises(ScrapeError, match=r"longer than 0.3 s"):
            await http.get(f"{SITE}/silent")


async def test_jobs_of_one_host_share_its_places() -> None:
    alone = Politeness(requests_per_second=100.0, burst=100, per_host=1)
    async with AsyncExitStack() as stack:
        one = await stack.enter_async_context(town())
        egress = await stack.enter_async_context(way_out(one, "acme.example", politeness=alone))
        first = await stack.enter_async_context(egress.http(name=1))
        second = await stack.enter_async_context(egress.http(name=2))
        stuck = asyncio.get_running_loop().create_task(first.get(f"{SITE}/silent"), name="stuck")
        await until(lambda: "acme.example /silent" in one.asked)
        waiting = asyncio.get_running_loop().create_task(second.get(f"{SITE}/"), name="waiting")
        await first.aclose()
        with pytest.raises(ScrapeError, match="job is over"):
            await stuck
        assert (await waiting).status == 200
        assert [asked for asked in one.asked if "robots" not in asked] == ["acme.example /silent", "acme.example /"]


async def test_no_form_of_an_inside_address_reaches_it(monkeypatch: pytest.MonkeyPatch) -> None:
    async with canary() as bird, town() as one, way_out(one, "acme.example") as egress:
        monkeypatch.setattr(guard, "PORTS", guard.PORTS | {bird.port})  # the port alone would be a reason
        hosts = ["127.0.0.1", "127.1", "0x7f.1", "0177.0.0.1", "2130706433", "127.0.0.1.", "localhost", "a.localhost", "[::1]",
                 "[::ffff:127.0.0.1]", "[::127.0.0.1]", "[64:ff9b::7f00:1]", "0.0.0.0", "[::]", "inside.example", "１２７.0.0.1",
                 "x@127.0.0.1", "127.0.0.1%2f.example", "%6c%6f%63alhost", "acme.example@127.0.0.1"]  # fmt: skip
        async with egress.http() as http:
            for host in hosts:
                for url in (
                    f"http://{host}:{bird.port}/",
                    f"https://{host}:{bird.port}/",
                    f"{SITE}/to?url=http://{host}:{bird.port}/",
                ):
                    with pytest.raises(ScrapeError) as error:
                        await http.get(url, robots=False)
                    assert error.value.code == "refused_target", (url, str(error.value))
        assert not bird.hits
        async with way_out(one, allow_private=(f"127.0.0.1:{bird.port}",)) as allowed, allowed.http() as http:
            assert (await http.get(f"http://0x7f.1:{bird.port}/here", robots=False)).body == b"canary"
        assert bird.hits["here"] == 1


async def speak_no_tls(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
    await reader.read(1)
    writer.close()


async def test_what_is_wrong_with_a_certificate_is_told(tmp_path: Path) -> None:
    made = {
        "expired.example": certificate(tmp_path / "expired", "expired.example", begins_in=-9, ends_in=-2),
        "later.example": certificate(tmp_path / "later", "later.example", begins_in=2),
        "wrong.example": certificate(tmp_path / "wrong", "another.example"),
        "good.example": certificate(tmp_path / "good", "good.example"),
        "own.example": certificate(tmp_path / "own", "own.example"),
    }
    known = tmp_path / "known.pem"
    known.write_text("".join(one.cert.read_text() for name, one in made.items() if name != "own.example"))
    words = {
        "expired.example": "has expired",
        "later.example": "not valid yet",
        "wrong.example": "made out for another name",
        "own.example": "self-signed",
        "plain.example": "No secure connection",
    }
    async with AsyncExitStack() as stack:
        one = await stack.enter_async_context(town())
        plain = await asyncio.start_server(speak_no_tls, "127.0.0.1", 0)
        stack.push_async_callback(plain.wait_closed)
        stack.callback(plain.close)
        addresses = [f"plain.example=127.0.0.1:{plain.sockets[0].getsockname()[1]}"]
        for name, its in made.items():
            tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            tls.load_cert_chain(its.cert, its.key)
            addresses.append(f"{name}=127.0.0.1:{await stack.enter_async_context(listening(one, tls))}")
        egress = await stack.enter_async_context(Egress(Outside(host_addresses=tuple(addresses), ca_file=known)))
        http = await stack.enter_async_context(egress.http())
        for name, said in words.items():
            with pytest.raises(ScrapeError) as error:
                await http.get(f"https://{name}/")
            assert (error.value.code, said in error.value.message) == ("tls", True), error.value
        assert (await http.get("https://good.example/")).status == 200


def test_chromium_is_told_the_same_keys_as_openssl_tells(own_certificate: Certificate) -> None:
    key = f"openssl x509 -in {own_certificate.cert} -pubkey -noout | openssl pkey -pubin -outform der"
    command = f"{key} | openssl dgst -sha256 -binary"
    digest = subprocess.run(["sh", "-c", command], capture_output=True, check=True).stdout
    assert key_hashes(own_certificate.cert) == [base64.b64encode(digest).decode()]
