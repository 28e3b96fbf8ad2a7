"""Share links and invites: one stream for somebody else, to watch or to feed."""

from __future__ import annotations

from shlex import quote as shell_quote
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Query, Request
from pydantic import AfterValidator, BaseModel, Field

from livepane.api import audit
from livepane.api.access import allow
from livepane.api.credentials import bearer_of
from livepane.api.deps import CallerOf, ServicesOf
from livepane.api.tokens import MadeToken, Name, Token, plain
from livepane.domain.access import SHARED_FOR, Role, Streams
from livepane.domain.errors import BadRequest, Forbidden, NotFound, Unauthorised
from livepane.domain.stream import Kind as StreamKind
from livepane.store.tokens import Kind

router = APIRouter(tags=["access"])

WEEK = SHARED_FOR[1]
Seconds = Annotated[int, Field(ge=SHARED_FOR[0], le=SHARED_FOR[1], description="seconds that it works")]


class NewShare(BaseModel):
    """A link for watching one stream."""

    stream: Annotated[str, Field(min_length=1, max_length=200)]
    expires_in_seconds: Seconds = 3600
    uses: Annotated[int | None, Field(ge=1, le=100_000, description="how often it may be opened; null: any number")] = None
    name: Name = ""


class MadeShare(MadeToken):
    """A link that was made: send `url` to somebody. The part after `#` never reaches a server."""

    url: str


class ShareList(BaseModel):
    """Share links, and invitations where they were asked for, the newest first."""

    shares: list[Token]


class NewInvite(BaseModel):
    """An invitation to another machine, to feed the stream `producer:NAME`."""

    name: Annotated[str, Field(min_length=1, max_length=128, description="the stream is producer:NAME"), AfterValidator(plain)]
    expires_in_seconds: Seconds = 28800


class MadeInvite(MadeToken):
    """An invitation that was made: paste `command` on the other machine."""

    stream: str
    command: str


class Opened(BaseModel):
    """A share link that was opened: show `session` like a token, as often as needed."""

    session: str
    stream: str
    expires_at: Annotated[int | None, Field(description="milliseconds since the Unix epoch")]


@router.post("/api/shares", status_code=201)
@allow(Role.OPERATOR, bounded=True)
async def make_share(body: NewShare, request: Request, services: ServicesOf, caller: CallerOf) -> MadeShare:
    """A link that shows one stream and nothing else. It need not be there yet."""
    stream = _one(body.stream)
    caller.rights.require_stream(stream)
    text, row = await services.register.make(
        Kind.SHARE,
        name=body.name,
        roles=(str(Role.VIEWER),),
        streams=(stream,),
        seconds=body.expires_in_seconds,
        max_uses=body.uses,
        parent=services.register.origin(caller.grant),
    )
    audit.note("created", caller, str(row.kind), row.id, row.name)
    base = caller.peer.base(request.headers, services.settings)
    url = f"{base}/view/{quote(stream, safe=':')}#token={text}"
    return MadeShare(token=text, url=url, info=Token.of(row, services.keyring))


@router.get("/api/shares")
@allow(Role.OPERATOR, bounded=True)
async def list_shares(
    services: ServicesOf,
    caller: CallerOf,
    stream: Annotated[str | None, Query(description="only those of this stream")] = None,
    mine: Annotated[bool, Query(description="only what was made with the caller's token: links and invitations")] = False,
) -> ShareList:
    """The share links of the streams that the caller may have to do with."""
    if stream is not None:
        caller.rights.require_stream(stream)
    allowed = caller.rights.streams.allows
    rows = [row for row in services.keyring.rows() if row.kind in ((Kind.SHARE, Kind.INVITE) if mine else (Kind.SHARE,))]
    if mine:
        maker = services.register.origin(caller.grant)  # the token, also when a browser asks that signed in with it
        rows = [row for row in rows if maker is not None and row.parent == maker.id]
    shown = [row for row in rows if allowed(row.streams[0]) and stream in (None, row.streams[0])]
    return ShareList(shares=[Token.of(row, services.keyring) for row in shown])


@router.delete("/api/shares/{share_id}", status_code=204)
@allow(Role.OPERATOR, bounded=True)
async def revoke_share(share_id: str, services: ServicesOf, caller: CallerOf) -> None:
    """A share link or an invitation works no more; who watches by it is cut off within a second."""
    row = services.keyring.row(share_id)
    # The same answer for what is not there and for what is somebody else's: ids cannot be tried out.
    if row is None or row.kind not in (Kind.SHARE, Kind.INVITE) or not caller.rights.streams.allows(row.streams[0]):
        raise NotFound(f"there is no share link {share_id[:80]!r}; GET /api/shares lists what there is")
    await services.register.revoke(share_id)
    audit.note("revoked", caller, str(row.kind), share_id, row.name)


@router.post("/api/invites", status_code=201)
@allow(Role.OPERATOR, bounded=True)
async def make_invite(body: NewInvite, request: Request, services: ServicesOf, caller: CallerOf) -> MadeInvite:
    """A token for one other machine: it may feed one stream and do nothing else."""
    stream = _one(f"{StreamKind.PRODUCER}:{body.name}")
    caller.rights.require_stream(stream)
    text, row = await services.register.make(
        Kind.INVITE,
        name=body.name[:80],
        roles=(str(Role.PRODUCER),),
        streams=(stream,),
        seconds=body.expires_in_seconds,
        parent=services.register.origin(caller.grant),
    )
    audit.note("created", caller, str(row.kind), row.id, row.name)
    base = caller.peer.base(request.headers, services.settings)
    command = f"LIVEPANE_TOKEN={text} livepane share --server {shell_quote(base)} --name {shell_quote(body.name)}"
    return MadeInvite(token=text, stream=stream, command=command, info=Token.of(row, services.keyring))


@router.post("/api/shares/open")
@allow(None, credential=True, bounded=True)
async def open_share(request: Request, services: ServicesOf, caller: CallerOf) -> Opened:
    """Spend one use of the share link whose token is shown, and get a session that can come back without spending more.

    A link without a limit is its own session.
    """
    grant = caller.grant
    if grant is None or grant.kind not in (Kind.SHARE, Kind.SESSION) or not grant.streams.named:
        raise Forbidden("only a share link can be opened: show its token as Authorization: Bearer")
    shown = services.keyring.row(grant.id)
    if shown is None:
        raise Unauthorised("this share link was revoked")
    by_header = bearer_of(request.headers)
    if shown.max_uses is None and by_header:
        return Opened(session=by_header, stream=shown.streams[0], expires_at=shown.expires_at)
    text, row = await services.register.make(
        Kind.SESSION,
        name=shown.name,
        roles=shown.roles,
        streams=shown.streams,
        seconds=WEEK,
        parent=services.register.origin(grant),  # the link, also when a session of it asks: sessions are no chain
    )
    return Opened(session=text, stream=row.streams[0], expires_at=row.expires_at)


def _one(text: str) -> str:
    """The id of one stream.

    Raises:
        BadRequest: it is a pattern, or no id.
    """
    bound = Streams.parse((text,))
    if not bound.named:
        raise BadRequest(f"{text[:80]!r} is not one stream; a share link shows exactly one, such as page:k3f9")
    return text
