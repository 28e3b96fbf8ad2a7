"""What `livepane token` asks for: of a running server, else directly in the database of the data folder."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from livepane.discovery import LOOPBACK, Located, locate
from livepane.domain.errors import BadRequest, Forbidden, LivepaneError, NotFound, Unauthorised, Unavailable

if TYPE_CHECKING:
    from livepane.settings import Settings

Info = dict[str, Any]
WITHIN = 30.0  # seconds that a server has to answer


async def make_token(wish: Info, server: str | None, token: str | None) -> Info:
    """`{"token", "info"}` of a new token."""
    target = locate(server, token)
    if target is not None:
        return _dict(await _ask(target, "POST", "api/tokens", wish))
    # Late: a server need not be loaded to ask one.
    from pydantic import ValidationError

    from livepane.api.tokens import NewToken, Token
    from livepane.auth.keyring import Keyring
    from livepane.auth.register import registered
    from livepane.domain.access import Streams
    from livepane.store.tokens import Kind
    from livepane.wire.wrong import explain

    try:
        new = NewToken.model_validate(wish)
    except ValidationError as error:
        raise BadRequest(explain(error)) from None
    streams = Streams.parse(tuple(new.streams)).patterns
    keyring, _ = Keyring.chosen(_settings())
    async with registered(keyring) as (register, _):
        roles = tuple(str(role) for role in new.roles)
        text, row = await register.make(Kind.TOKEN, name=new.name, roles=roles, streams=streams, seconds=new.expires_in_seconds)
        return {"token": text, "info": Token.of(row, keyring).model_dump()}


async def list_tokens(sessions: bool, server: str | None, token: str | None) -> tuple[list[Info], bool]:
    """Credentials, the newest first, and whether that is every one: an operator is told of share links only."""
    target = locate(server, token)
    if target is not None:
        try:
            return _list(await _ask(target, "GET", f"api/tokens?sessions={str(sessions).lower()}"), "tokens"), True
        except Forbidden:
            return _list(await _ask(target, "GET", "api/shares"), "shares"), False
    from livepane.api.tokens import Token, listed
    from livepane.auth.keyring import Keyring
    from livepane.auth.register import registered

    keyring, _ = Keyring.chosen(_settings())
    async with registered(keyring):
        return [Token.of(row, keyring).model_dump() for row in listed(keyring, sessions=sessions)], True


async def revoke_token(token_id: str, server: str | None, token: str | None) -> None:
    """It works no more. An operator may revoke share links and invitations."""
    target = locate(server, token)
    if target is not None:
        name = quote(token_id, safe="")
        try:
            await _ask(target, "DELETE", f"api/tokens/{name}")
        except Forbidden:
            await _ask(target, "DELETE", f"api/shares/{name}")
        return
    from livepane.auth.keyring import Keyring
    from livepane.auth.register import registered

    keyring, _ = Keyring.chosen(_settings())
    async with registered(keyring) as (register, _):
        await register.revoke(token_id)


async def make_share(wish: Info, server: str | None, token: str | None) -> Info:
    """`{"token", "url", "info"}` of a new share link."""
    target = locate(server, token)
    if target is None:
        raise Unavailable("no server runs on this machine, and a link needs one to lead to. Start it with `livepane serve`.")
    return _dict(await _ask(target, "POST", "api/shares", wish))


async def _ask(target: Located, method: str, path: str, body: Info | None = None) -> object:
    import httpx

    headers = {"Authorization": f"Bearer {target.token}"} if target.token else {}
    try:
        async with httpx.AsyncClient(
            headers=headers,
            timeout=WITHIN,
            verify=ssl.create_default_context() if target.url.startswith("https") else True,  # the system's authorities
            trust_env=urlsplit(target.url).hostname not in LOOPBACK,  # no proxy stands before this machine itself
        ) as client:
            answer = await client.request(method, f"{target.url}/{path}", json=body)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise Unavailable(f"{target.url} cannot be reached: {error}. Is it running there?") from None
    if answer.status_code == 204:
        return None
    try:
        said = answer.json()
    except ValueError:
        raise Unavailable(f"{target.url} answered {answer.status_code}. Is it a Livepane server?") from None
    if answer.is_success:
        return said
    raise _refusal(answer.status_code, str(_dict(said).get("detail") or f"it answered {answer.status_code}"), target)


def _settings() -> Settings:
    """Those of a server that would be started here: they say where tokens are kept."""
    from pydantic import ValidationError

    from livepane.settings import Settings
    from livepane.wire.wrong import explain

    try:
        return Settings()
    except ValidationError as error:
        raise BadRequest(f"a setting is wrong: {explain(error)}") from None


def _refusal(status: int, said: str, target: Located) -> LivepaneError:
    match status:
        case 400:
            return BadRequest(said)
        case 401:
            return Unauthorised(f"{target.url}: {said}. Give a token that may as LIVEPANE_TOKEN.")
        case 403:
            return Forbidden(f"{target.url}: {said}. Give a token that may as LIVEPANE_TOKEN.")
        case 404:
            return NotFound(said)
        case _:
            return Unavailable(f"{target.url}: {said}")


def _list(said: object, name: str) -> list[Info]:
    found = _dict(said).get(name)
    return [_dict(one) for one in found] if isinstance(found, list) else []


def _dict(said: object) -> Info:
    if not isinstance(said, dict):
        raise Unavailable("the answer is none of a Livepane server")
    return said
