"""What a link whose uses are limited costs: one use for each answer that is given, none for what is refused."""

from __future__ import annotations

import asyncio

from starlette.types import Message, Scope, Send

from livepane.api.access import Access
from livepane.auth.inside import Stay
from livepane.auth.keyring import Keyring
from livepane.domain.access import Grant
from livepane.domain.errors import LivepaneError, Unauthorised


def costs(grant: Grant, access: Access, scope: Scope) -> bool:
    """Whether an answer costs a use. What everybody may load is free, and a HEAD: a preview of a link shows nothing of it."""
    return grant.limited and scope["method"] != "HEAD" and (access.role is not None or access.credential)


def makes(access: Access, scope: Scope) -> bool:
    """Whether something is made for the bearer, who is asked for nothing else: that is paid for before it is there."""
    return access.credential and scope["method"] == "POST"


class Toll:
    """Takes the use when an answer begins: before that nobody knows whether the link is for what was asked for."""

    def __init__(self, keyring: Keyring, stay: Stay, send: Send) -> None:
        self._keyring, self._stay, self._send = keyring, stay, send
        self.refused: LivepaneError | None = None  # no use was left: somebody else was faster

    async def send(self, message: Message) -> None:
        """Pass a message of the answer on; where no use is left the stay ends, and there is none."""
        if message["type"] == "http.response.start" and message["status"] < 400:
            try:
                await self._keyring.spend(self._stay.grant)
            except LivepaneError as error:
                self.refused = error
                self._stay.may_end = True
                self._stay.end(Unauthorised(error.message))
                await asyncio.get_running_loop().create_future()  # until it has ended
        await self._send(message)
