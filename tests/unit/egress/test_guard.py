"""Names are looked up once, every address of them is checked, and the checked ones are what is dialled."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Sequence
from ipaddress import ip_address

import pytest

from livepane.domain.host import AllowList, read_host
from livepane.egress.guard import Guard, Way, is_ours
from livepane.scrapers.contract import ScrapeError

NAMES: dict[str, tuple[str, ...]] = {
    "public.example": ("2606:4700:4700::1111", "1.1.1.1"),
    "mixed.example": ("1.1.1.1", "10.0.0.1"),
    "inside.example": ("127.0.0.1",),
    "six.example": ("::ffff:127.0.0.1",),
    "zone.example": ("fe80::1%eth0",),
    "cloud.example": ("169.254.169.254",),
    "nat64.example": ("64:ff9b::7f00:1",),
}


def guard(*allowed: str, fixed: dict[str, tuple[str, int]] | None = None) -> Guard:
    async def resolve(name: str) -> Sequence[str]:
        if name not in NAMES:
            raise socket.gaierror(socket.EAI_NONAME, "no such name")
        return NAMES[name]

    return Guard(AllowList(allowed), fixed, resolve)


async def refusal(one: Guard, host: str, port: int = 80) -> ScrapeError:
    with pytest.raises(ScrapeError) as error:
        await one.way(host, port)
    return error.value


async def test_a_public_name_is_dialled_by_its_checked_addresses() -> None:
    way = await guard().way("PUBLIC.example.", 443)
    assert way.addresses == ("1.1.1.1", "2606:4700:4700::1111")
    assert way.dial_port == 443


@pytest.mark.parametrize("name", [name for name in NAMES if name != "public.example"])
async def test_a_name_with_one_address_inside_is_refused_without_telling_it(name: str) -> None:
    error = await refusal(guard(), name)
    assert error.code == "refused_target"
    assert name in error.message
    assert not any(address.partition("%")[0] in error.message for address in NAMES[name])


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST.", "db.localhost", "0x7f.1", "[::1]", "[::ffff:a00:1]", "2130706433", "a b"]
)
async def test_a_host_that_is_inside_by_itself_is_refused(host: str) -> None:
    assert (await refusal(guard(), host)).code == "refused_target"
    with pytest.raises(ScrapeError):
        guard().check_now(host, 80)


async def test_other_ports_than_those_of_the_web_are_refused() -> None:
    assert "443" in (await refusal(guard(), "public.example", 22)).message
    assert (await guard("public.example:22").way("public.example", 22)).port == 22


async def test_what_the_operator_lists_may_be_reached_and_its_neighbours_may_not() -> None:
    listed = guard("inside.example:80", "10.0.0.0/8", "127.0.0.1:9000")
    assert (await listed.way("inside.example", 80)).addresses == ("127.0.0.1",)
    assert (await listed.way("mixed.example", 80)).addresses == ("1.1.1.1", "10.0.0.1")
    assert (await listed.way("10.1.2.3", 5000)).addresses == ("10.1.2.3",)
    assert (await listed.way("127.0.0.1", 9000)).addresses == ("127.0.0.1",)
    assert (await refusal(listed, "inside.example", 443)).code == "refused_target"
    assert (await refusal(listed, "127.0.0.1", 9001)).code == "refused_target"
    assert (await refusal(listed, "192.168.0.1", 80)).code == "refused_target"


async def test_what_one_account_may_reach_besides_is_for_it_alone() -> None:
    one, own = guard(), AllowList(["127.0.0.1:8000"])
    assert (await one.way("127.0.0.1", 8000, own)).addresses == ("127.0.0.1",)
    assert (await refusal(one, "127.0.0.1", 8000)).code == "refused_target"


async def test_a_name_with_a_fixed_address_goes_there_at_any_port() -> None:
    one = guard(fixed={"acme.example": ("127.0.0.1", 8443)})
    assert str(await one.way("acme.example", 443)) == "acme.example:443"
    assert (await one.way("acme.example", 443)).dial_port == 8443
    one.check_now("acme.example", 443)
    assert (await refusal(one, "www.acme.example", 443)).code == "dns"


async def test_a_name_that_does_not_exist_and_one_that_nobody_answers_for_are_told_apart() -> None:
    missing = await refusal(guard(), "missing.example")
    assert (missing.code, missing.retry) == ("dns", False)

    async def silent(name: str) -> Sequence[str]:
        raise socket.gaierror(socket.EAI_AGAIN, "try again")

    unanswered = await refusal(Guard(resolve=silent), "public.example")
    assert (unanswered.code, unanswered.retry) == ("dns", True)


async def test_a_name_that_changes_its_mind_keeps_the_addresses_that_were_checked() -> None:
    answers = [["1.1.1.1"], ["127.0.0.1"]]

    async def flip(name: str) -> Sequence[str]:
        return answers.pop(0)

    one = Guard(resolve=flip)
    first, second = await one.way("flip.example", 80), await one.way("flip.example", 80)
    assert first.addresses == second.addresses == ("1.1.1.1",)
    assert answers == [["127.0.0.1"]]


async def test_the_next_address_is_dialled_when_one_does_not_answer() -> None:
    server = await asyncio.start_server(lambda reader, writer: writer.close(), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server:
        reader, writer = await guard().dial(Way(read_host("two.example"), port, ("127.0.0.9", "127.0.0.1"), port))
        assert await reader.read() == b""
        writer.close()
    with pytest.raises(ScrapeError, match="nothing listens there"):
        await guard().dial(Way(read_host("two.example"), port, ("127.0.0.1",), port))


def test_an_address_of_this_machine_is_known_as_ours() -> None:
    assert is_ours(ip_address("127.0.0.1"))
    assert not is_ours(ip_address("192.0.2.1"))
    assert not is_ours(ip_address("2001:db8::1"))
