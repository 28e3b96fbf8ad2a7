"""Who came by which credential: a line for each that is made, ended, signed in with or refused. Ids, and never a secret."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from livepane.api.door import Caller

log = logging.getLogger("livepane.access")

Event = Literal["created", "revoked", "signed in", "signed out", "refused"]
# One each: a flood of refusals is held back by itself, and takes no other line along (`livepane.log.calm`).
_TEMPLATES: dict[Event, str] = {
    "created": "created: %s, by %s from %s",
    "revoked": "revoked: %s, by %s from %s",
    "signed in": "signed in: %s, by %s from %s",
    "signed out": "signed out: %s, by %s from %s",
    "refused": "refused: %s, by %s from %s",
}


def note(event: Event, caller: Caller, kind: str, token_id: str | None = None, name: str = "") -> None:
    """Write it down: what happened to which credential, who asked for it and from where.

    `kind` is what it is: token, share, invite, session, code. `token_id` None: it is not known here.
    """
    by = caller.grant.id if caller.grant is not None else None
    client = caller.peer.address or None
    what = " ".join(part for part in (kind, token_id, repr(name) if name else None) if part)
    log.info(
        _TEMPLATES[event],
        what,
        by or "nobody who is known",
        client or "this machine",
        extra={"event": event, "kind": kind, "token_id": token_id, "called": name, "by": by, "client": client},
    )
