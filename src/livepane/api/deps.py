"""What routes ask for: the services of the app and the caller that the door let in."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends
from starlette.requests import HTTPConnection

from livepane.api.door import Caller
from livepane.services import Services


def services_of(connection: HTTPConnection) -> Services:
    """The services of the app that serves this request or socket."""
    found = connection.app.state.services
    if not isinstance(found, Services):
        raise TypeError("the app has not been started")
    return found


def caller_of(connection: HTTPConnection) -> Caller:
    """Who the door let in."""
    caller = connection.state.caller
    if not isinstance(caller, Caller):
        raise TypeError("this route was reached past the door")
    return caller


ServicesOf = Annotated[Services, Depends(services_of)]
CallerOf = Annotated[Caller, Depends(caller_of)]
