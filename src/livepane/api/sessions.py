"""Who am I to this server; signing a browser in and out; one-use tickets."""

from __future__ import annotations

import time
from typing import Annotated

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, Field

from livepane import __version__
from livepane.api import audit, dashboard
from livepane.api.access import allow
from livepane.api.deps import CallerOf, ServicesOf
from livepane.api.door import Caller
from livepane.api.short_page import button, link, short_page
from livepane.auth.keyring import Keyring
from livepane.auth.tickets import SECONDS
from livepane.domain.access import Grant, Rights
from livepane.domain.errors import TooManyTries, Unauthorised
from livepane.services import Services
from livepane.store.tokens import Kind

router = APIRouter(tags=["access"])


class Session(BaseModel):
    """What the caller may do here."""

    version: str
    roles: list[str]
    streams: Annotated[list[str], Field(description="what the caller's token is bound to; empty: every stream")]
    name: Annotated[str | None, Field(description="of the token that was shown; null: none was")]
    expires_at: Annotated[
        float | None, Field(description="when it stops working, in milliseconds since the Unix epoch; null: never")
    ]
    signed_in: Annotated[bool, Field(description="whether it is the cookie of this browser that counted")]


class SignIn(BaseModel):
    """A token to sign a browser in with."""

    token: Annotated[str, Field(min_length=1, max_length=1000)]


class Ticket(BaseModel):
    """Put it into the address of a socket as `?ticket=`. It works once."""

    ticket: str
    expires_in_seconds: int = SECONDS


@router.get("/api/session")
@allow(None)
async def session(caller: CallerOf) -> Session:
    """The roles of whoever asks."""
    return _session(caller.grant, caller.rights)


@router.post("/api/session")
@allow(None)
async def sign_in(body: SignIn, response: Response, services: ServicesOf, caller: CallerOf) -> Session:
    """Sign this browser in: a cookie that no script can read, for 30 days at most and no longer than the token works."""
    grant = await _signed_in(body.token, response, services, caller)
    return _session(grant, Rights(grant.roles, grant.streams))


@router.delete("/api/session", status_code=204)
@allow(None)
async def sign_out(response: Response, services: ServicesOf, caller: CallerOf) -> None:
    """Sign this browser out; what it has open is closed."""
    keyring = services.keyring
    response.delete_cookie(keyring.cookie_name, path=_path(services), secure=_secure(caller), httponly=True, samesite="strict")
    if caller.grant is not None and caller.grant.kind == Kind.BROWSER:
        await services.register.revoke(caller.grant.id)
        audit.note("signed out", caller, "session", caller.grant.id, caller.grant.name)


@router.get("/signin", include_in_schema=False)
@allow(None, page=True)
async def sign_in_page(request: Request, services: ServicesOf, caller: CallerOf, token: str = "") -> Response:
    """The page to sign in at; with `?token=` a browser is signed in at once, and no token stays in its address bar.

    Not by a link on another site, which asks first: it could sign somebody in as somebody else. Whether somebody is signed in
    we cannot know there, because a strict cookie does not come along.
    """
    if not token:
        return dashboard.page("index.html", services)
    answer = RedirectResponse(f"{services.settings.root_path}/", 303)
    try:
        # Typed, or opened by a terminal, it is `none`; a browser that says nothing is old, or asks by plain http from far away.
        if request.headers.get("sec-fetch-site") in ("cross-site", "same-site"):
            return _question(token, services)
        await _signed_in(token, answer, services, caller)
    except Unauthorised:
        return dashboard.page("index.html", services, 401)
    except TooManyTries as error:
        page = dashboard.page("index.html", services, error.status)
        page.headers["Retry-After"] = str(error.retry_after)
        return page
    return answer


@router.post("/api/tickets", status_code=201)
@allow(None, credential=True, bounded=True)
async def make_ticket(services: ServicesOf, caller: CallerOf) -> Ticket:
    """A ticket for what the caller's token allows, where a header cannot be sent."""
    grant = caller.grant
    if grant is None:
        raise Unauthorised("a ticket stands for a token, and none was shown")
    rights = caller.rights
    ticket = services.keyring.tickets.give(
        Grant(grant.id, rights.roles, rights.streams, grant.expires_at, grant.name, grant.kind)  # its use is counted already
    )
    return Ticket(ticket=ticket)


async def _signed_in(token: str, answer: Response, services: Services, caller: Caller) -> Grant:
    """What the token allows; `answer` carries the cookie.

    Raises:
        Unauthorised: the token is unknown or not good any more.
        TooManyTries: too many of them were.
    """
    keyring, address = services.keyring, caller.peer.address
    try:
        grant = _known(token, keyring)
        await keyring.spend(grant)
    except Unauthorised:
        # Only now: a right token is let in however many wrong ones came from its address, or any site could lock its visitors
        # out with links to /signin?token=wrong. That helps nobody to guess: a token has 256 random bits, is looked up by its
        # digest in constant time, and can be shown as Authorization: Bearer without any brake. The brake spares us the work.
        audit.note("refused", caller, "sign-in", keyring.id_of(token.strip()))
        services.throttle.check(address)
        services.throttle.failed(address)
        raise
    cookie, row = await services.register.sign_in(grant)
    audit.note("signed in", caller, str(grant.kind), grant.id, grant.name)
    answer.set_cookie(
        keyring.cookie_name,
        cookie,
        max_age=max(0, int(((row.expires_at or 0) / 1000) - time.time())),
        httponly=True,
        samesite="strict",
        path=_path(services),
        secure=_secure(caller),
    )
    return Grant(
        row.id,
        grant.roles,
        grant.streams,
        None if row.expires_at is None else row.expires_at / 1000,
        grant.name,
        kind=str(row.kind),
    )


def _known(token: str, keyring: Keyring) -> Grant:
    """What a token allows. Raises Unauthorised: nothing, or nothing any more."""
    grant = keyring.bearer(token.strip())
    if grant is None:
        raise Unauthorised("this is no token of this server; `livepane serve` prints an address with the right one at start")
    return grant


def _question(token: str, services: Services) -> Response:
    """Whether the user wants what a link on another site would do. Raises Unauthorised: it would do nothing."""
    grant = _known(token, services.keyring)
    root = services.settings.root_path
    roles = ", ".join(sorted(grant.roles))
    return short_page(
        "Sign in with this link?",
        f"A link on another site carries the token {grant.name or grant.id!r} of this server ({roles}). Signing in with it "
        "takes the place of whatever this browser is signed in with now. Do so only if you trust where the link is from.",
        button(f"{root}/signin", "Sign in with it", token=token) + link(f"{root}/", "Go on as before"),
    )


def _session(grant: Grant | None, rights: Rights) -> Session:
    return Session(
        version=__version__,
        roles=sorted(str(role) for role in rights.roles),
        streams=list(rights.streams.patterns),
        name=None if grant is None else grant.name,
        expires_at=None if grant is None or grant.expires_at is None else grant.expires_at * 1000,
        signed_in=grant is not None and grant.kind == Kind.BROWSER,
    )


def _path(services: Services) -> str:
    return f"{services.settings.root_path}/"


def _secure(caller: Caller) -> bool:
    return caller.peer.scheme == "https"
