"""Tokens over HTTP: what there is, a new one, one less. For admins."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import AfterValidator, BaseModel, Field

from livepane.api import audit
from livepane.api.access import allow
from livepane.api.deps import CallerOf, ServicesOf
from livepane.auth.keyring import ADMIN, Keyring
from livepane.domain import names
from livepane.domain.access import LONGEST, Role, Streams
from livepane.domain.errors import BadRequest
from livepane.store.tokens import SESSIONS, Kind, TokenRow

router = APIRouter(tags=["access"])


def plain(name: str) -> str:
    """A name as people may give it, or none. ValueError: it would not look like what it is."""
    name = name.strip()
    return names.checked(name, slashes=True) if name else ""


Name = Annotated[str, Field(max_length=80, description="what its owner calls it"), AfterValidator(plain)]
Moment = Annotated[int, Field(description="milliseconds since the Unix epoch")]


class Token(BaseModel):
    """One credential, without its secret."""

    id: str
    kind: Annotated[str, Field(description="token, share, invite or session")]
    name: str
    roles: list[str]
    streams: Annotated[list[str], Field(description="what it is bound to; empty: every stream")]
    created_at: Moment
    expires_at: Annotated[int | None, Field(description="milliseconds since the Unix epoch; null: never")]
    revoked_at: int | None
    last_used_at: Annotated[int | None, Field(description="as of a minute ago at the latest")]
    uses: int
    max_uses: Annotated[int | None, Field(description="how often it may be used; null: as often as one likes")]
    state: Annotated[str, Field(description="active, expired, revoked or used up")]

    @classmethod
    def of(cls, row: TokenRow, keyring: Keyring) -> Token:
        """What may be told of a row."""
        return cls(
            id=row.id,
            kind="session" if row.kind is Kind.BROWSER else str(row.kind),
            name=row.name,
            roles=list(row.roles),
            streams=list(row.streams),
            created_at=row.created_at,
            expires_at=row.expires_at,
            revoked_at=row.revoked_at,
            last_used_at=row.last_used_at,
            uses=row.uses,
            max_uses=row.max_uses,
            state=keyring.state(row),
        )


class TokenList(BaseModel):
    """Credentials, the newest first."""

    tokens: list[Token]


class NewToken(BaseModel):
    """A token to make."""

    name: Name = ""
    roles: Annotated[list[Role], Field(min_length=1, max_length=8)]
    streams: Annotated[list[str], Field(max_length=100, description="ids or patterns such as `page:*`; empty: every stream")] = []
    expires_in_seconds: Annotated[int | None, Field(ge=1, le=LONGEST, description="null: it works until it is revoked")]


class MadeToken(BaseModel):
    """A token that was made. Its text is shown here and never again."""

    token: str
    info: Token


@router.get("/api/tokens")
@allow(Role.ADMIN)
async def list_tokens(
    services: ServicesOf, sessions: Annotated[bool, Query(description="also browsers that are signed in")] = False
) -> TokenList:
    """Every token, share link and invite; never a secret."""
    keyring = services.keyring
    return TokenList(tokens=[Token.of(row, keyring) for row in listed(keyring, sessions=sessions)])


@router.post("/api/tokens", status_code=201)
@allow(Role.ADMIN)
async def make_token(body: NewToken, services: ServicesOf, caller: CallerOf) -> MadeToken:
    """A new token, of any roles, for any streams."""
    text, row = await services.register.make(
        Kind.TOKEN,
        name=body.name,
        roles=tuple(dict.fromkeys(str(role) for role in body.roles)),
        streams=Streams.parse(tuple(body.streams)).patterns,
        seconds=body.expires_in_seconds,
    )
    audit.note("created", caller, "token", row.id, row.name)
    return MadeToken(token=text, info=Token.of(row, services.keyring))


@router.delete("/api/tokens/{token_id}", status_code=204)
@allow(Role.ADMIN)
async def revoke_token(token_id: str, services: ServicesOf, caller: CallerOf) -> None:
    """It works no more, nor does what was made with it: sessions end, open sockets close within a second."""
    if token_id == ADMIN:
        raise BadRequest("the admin token is a file in the data folder; write another one into it to replace it")
    row = services.keyring.row(token_id)
    await services.register.revoke(token_id)
    if row is not None:
        audit.note("revoked", caller, str(row.kind), token_id, row.name)


def listed(keyring: Keyring, *, sessions: bool) -> list[TokenRow]:
    """What a list shows."""
    hidden = frozenset() if sessions else SESSIONS
    return [row for row in keyring.rows() if row.kind not in hidden]
