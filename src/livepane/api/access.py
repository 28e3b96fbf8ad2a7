"""What a route says about its callers. A route that says nothing is not served: the app refuses to start."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from starlette.routing import BaseRoute, Match
from starlette.types import Scope

from livepane.domain.access import Role

Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])
_MARK = "__livepane_access__"
REMEMBERED = 1000  # paths
LONGEST = 200  # characters of one that is remembered


@dataclass(frozen=True, slots=True)
class Access:
    """Who may call a route, and from where."""

    role: Role | None  # None: anybody who passes the Host check
    credential: bool = False  # with no role: any credential will do, but one has to be shown
    page: bool = False  # HTML that a link on a foreign site may lead to
    anywhere: bool = False  # may be loaded by pages of any origin
    bounded: bool = False  # sees itself that a caller keeps to the streams that its token is bound to (`Rights.require_stream`)
    embeddable: bool = False  # a picture that pages on other ports of this machine may show
    framed: bool = False  # a page that those of LIVEPANE_FRAME_ANCESTORS may show in a frame
    frequent: bool = False  # is called many times a minute: a success is not worth a line in the log
    max_body: int = 2**20  # bytes of a request body
    invalid: int = 400  # status of the answer to a request that cannot be read


def allow(role: Role | None, **where: Any) -> Callable[[Endpoint], Endpoint]:
    """Declare who may call a route: `@allow(Role.VIEWER)`; `None` for everybody."""

    def mark(endpoint: Endpoint) -> Endpoint:
        setattr(endpoint, _MARK, Access(role, **where))
        return endpoint

    return mark


def access_of(route: object) -> Access | None:
    """What a route has declared."""
    access = getattr(getattr(route, "endpoint", None), _MARK, None)
    return access if isinstance(access, Access) else None


class AccessTable:
    """Finds what the route of a request has declared."""

    def __init__(self, routes: Iterable[BaseRoute]) -> None:
        """Read the declarations.

        Raises:
            TypeError: a route has declared nothing.
        """
        self._rows: list[tuple[BaseRoute, Access]] = []
        self._found: dict[tuple[str | None, ...], Access | None] = {}  # a request is looked for among all routes once
        for route in routes:
            access = access_of(route)
            if access is None:
                raise TypeError(f"route {getattr(route, 'path', route)!r} does not say who may call it; put @allow(...) on it")
            self._rows.append((route, access))

    def find(self, scope: Scope) -> Access | None:
        """The declaration of the route that will serve this request; None when there is no such route."""
        path = scope["path"]
        asked = (scope["type"], scope.get("method"), scope.get("root_path", ""), path)
        if asked in self._found:
            return self._found[asked]
        found = self._search(scope)
        if len(path) <= LONGEST:
            if len(self._found) >= REMEMBERED:
                self._found.clear()
            self._found[asked] = found
        return found

    def _search(self, scope: Scope) -> Access | None:
        partial: Access | None = None
        for route, access in self._rows:
            match, _ = route.matches(scope)
            if match is Match.FULL:
                return access
            if match is Match.PARTIAL and partial is None:  # the path is right, the method is not: 405 is for the route to say
                partial = access
        return partial

    @property
    def rows(self) -> list[tuple[BaseRoute, Access]]:
        """Every route with its declaration."""
        return list(self._rows)
