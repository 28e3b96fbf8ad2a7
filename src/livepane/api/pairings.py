"""Pairing a browser: a short code from the dashboard becomes a token that can feed the panes of that browser and nothing else."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from pydantic import AfterValidator, BaseModel, Field

from livepane import __version__
from livepane.api import audit
from livepane.api.access import allow
from livepane.api.deps import CallerOf, ServicesOf
from livepane.api.tokens import plain
from livepane.auth.pairings import SECONDS, PairingState
from livepane.domain.access import Role, Streams
from livepane.domain.errors import LivepaneError, TooManyTries, Unauthorised
from livepane.domain.stream import Kind as StreamKind
from livepane.store.tokens import Kind

router = APIRouter(tags=["access"])

YEAR = 365 * 86_400  # seconds that a paired browser may come back without a new code
_NO_NAME = frozenset('*/\\"<>')


def _browser(name: str) -> str:
    name = plain(name)
    if not name:
        raise ValueError("a name has at least one letter")
    if found := _NO_NAME & set(name):
        raise ValueError(f"a name has none of {' '.join(sorted(_NO_NAME))}; this has {' '.join(sorted(found))}")
    return name


class MadePairing(BaseModel):
    """A code that was made. It is shown here and never again."""

    code: Annotated[str, Field(description="two halves of four letters or digits, such as `ABCD-EFGH`; works once")]
    id: str
    expires_in_seconds: int = int(SECONDS)


class Pairing(BaseModel):
    """What became of a code."""

    state: PairingState
    name: Annotated[str | None, Field(description="of the browser that has used it")] = None


class Pair(BaseModel):
    """A code that somebody has typed."""

    code: Annotated[str, Field(max_length=100, description="in capitals or not, with or without the dash")]
    name: Annotated[
        str, Field(max_length=60, description="of the browser: its streams are `tab:NAME…`"), AfterValidator(_browser)
    ]


class PairedServer(BaseModel):
    """The server that a browser is paired with."""

    version: str


class Paired(BaseModel):
    """A browser was let in: `token` may feed `streams` and do nothing else. It is shown here and never again."""

    token: str
    streams: list[str]
    server: PairedServer


@router.post("/api/pairings", status_code=201)
@allow(Role.OPERATOR)
async def make_pairing(services: ServicesOf, caller: CallerOf) -> MadePairing:
    """A code for one browser, good for ten minutes."""
    code, pairing = services.pairings.make(services.register.origin(caller.grant))
    return MadePairing(code=code, id=pairing.id)


@router.get("/api/pairings/{pairing_id}")
@allow(Role.OPERATOR)
async def get_pairing(pairing_id: str, services: ServicesOf) -> Pairing:
    """Whether a code was used, and by which browser."""
    pairing, state = services.pairings.find(pairing_id)
    return Pairing(state=state, name=pairing.name)


@router.post("/api/pair")
@allow(None)
async def pair(body: Pair, services: ServicesOf, caller: CallerOf) -> Paired:
    """Use a code: a token for a browser, which works for a year, or until whoever made the code may do no more."""
    try:
        pairing = services.pairings.take(body.code, caller.peer.address)
    except (Unauthorised, TooManyTries):
        audit.note("refused", caller, "code")
        raise
    try:
        streams = Streams.parse((f"{StreamKind.TAB}:{body.name}*",)).patterns
        text, row = await services.register.make(
            Kind.INVITE, name=body.name, roles=(str(Role.PRODUCER),), streams=streams, seconds=YEAR, parent=pairing.parent
        )
    except LivepaneError:
        services.pairings.give_back(pairing)
        raise
    audit.note("created", caller, str(row.kind), row.id, row.name)
    pairing.name = body.name
    return Paired(token=text, streams=list(streams), server=PairedServer(version=__version__))
