"""Who may do what: roles, and what one token allows."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from livepane.domain import names
from livepane.domain.errors import BadRequest, Forbidden
from livepane.domain.stream import Kind


class Role(StrEnum):
    """What a caller may do."""

    VIEWER = "viewer"  # watch
    PRODUCER = "producer"  # feed a stream
    SCRAPER = "scraper"  # run jobs that fetch public pages
    OPERATOR = "operator"  # open, drive and close
    ADMIN = "admin"  # tokens and settings


LONGEST = 10 * 365 * 86_400  # seconds that a token may work
SHARED_FOR = (60, 7 * 86_400)  # seconds that a share link or an invitation may work, from and to
ALL_ROLES = frozenset(Role)
# What a caller on an open loopback bind may do without a token: what existing clients, which carry none, rely on.
OPEN_ROLES = frozenset({Role.VIEWER, Role.PRODUCER, Role.SCRAPER})
_IMPLIED = {Role.OPERATOR: frozenset({Role.VIEWER, Role.SCRAPER}), Role.ADMIN: ALL_ROLES}
# Kinds of streams that a pattern may name, also those that come from elsewhere.
_KINDS = frozenset(Kind) | {"replay"}


def with_implied(roles: frozenset[Role]) -> frozenset[Role]:
    """The roles with those that they include: an operator also watches, an admin may do everything."""
    return roles.union(*(_IMPLIED.get(role, frozenset()) for role in roles))


@dataclass(frozen=True, slots=True)
class Streams:
    """Which streams a caller may have to do with: patterns such as `page:k3f9` or `page:*`; none at all means every one."""

    patterns: tuple[str, ...] = ()

    @classmethod
    def parse(cls, patterns: tuple[str, ...]) -> Streams:
        """Read patterns; `*` stands for any characters, `*` alone for every stream.

        Raises:
            BadRequest: names the one that is none.
        """
        for one in patterns:
            kind, colon, name = one.partition(":")
            known = one == "*" or (colon and name and kind in _KINDS)
            if not known or names.why_not(one, 200) is not None:
                kinds = ", ".join(sorted(f"{kind}:" for kind in _KINDS))
                raise BadRequest(
                    f"{one[:80]!r} does not name streams; write an id such as page:k3f9, a pattern such as 'page:*', or '*'. "
                    f"Kinds: {kinds}"
                )
        return cls(() if "*" in patterns else tuple(dict.fromkeys(patterns)))

    @property
    def every(self) -> bool:
        """Whether there is no bound."""
        return not self.patterns

    @property
    def named(self) -> bool:
        """Whether it is bound to streams that are named one by one: what a share link is."""
        return bool(self.patterns) and not any("*" in one for one in self.patterns)

    def allows(self, stream_id: str) -> bool:
        """Whether this stream is among them."""
        return not self.patterns or any(_matches(pattern, stream_id) for pattern in self.patterns)

    def allows_kind(self, kind: str) -> bool:
        """Whether every stream of this kind is among them, also one whose id is not known yet."""
        return not self.patterns or f"{kind}:*" in self.patterns


def _matches(pattern: str, stream_id: str) -> bool:
    """`*` is any run of characters; taken from the left, each part as early as it goes: linear, whatever the pattern."""
    first, *rest = pattern.split("*")
    if not rest:
        return pattern == stream_id
    if not stream_id.startswith(first):
        return False
    at = len(first)
    *between, last = rest
    for part in between:
        at = stream_id.find(part, at)
        if at < 0:
            return False
        at += len(part)
    return len(stream_id) - at >= len(last) and stream_id.endswith(last)


@dataclass(frozen=True, slots=True)
class Grant:
    """What one credential allows; made from a stored token, a signed-in browser or the admin token."""

    id: str  # of the credential, not secret: shown in lists and logs
    roles: frozenset[Role]  # with the implied ones
    streams: Streams = Streams()
    expires_at: float | None = None  # seconds since the Unix epoch
    name: str = ""  # what its owner called it
    kind: str = "token"  # "admin", "token", "share", "invite", "session" (a share link that was opened) or "browser"
    limited: bool = False  # each use is counted


@dataclass(frozen=True, slots=True)
class Rights:
    """What a caller may do in the end; routes find it as `request.state.caller.rights`."""

    roles: frozenset[Role]
    streams: Streams = Streams()

    @property
    def guest(self) -> bool:
        """Whether it may only watch, and only what was named to it: a share link. It learns no addresses that may hold a key."""
        return self.streams.named and self.roles <= {Role.VIEWER}

    def require(self, role: Role, stream_id: str) -> None:
        """See that this caller may have to do with this stream. The answer is the same whether or not it exists.

        Raises:
            Forbidden: the role or the stream is not among what the caller's token allows.
        """
        if role not in self.roles:
            raise Forbidden(f"this needs the role {role}, and you have {', '.join(sorted(self.roles)) or 'none'}")
        self.require_stream(stream_id)

    def require_stream(self, stream_id: str) -> None:
        """See that this stream is among those that the caller's token is bound to.

        Raises:
            Forbidden: it is not.
        """
        if not self.streams.allows(stream_id):
            raise Forbidden(
                f"your token is bound to {', '.join(self.streams.patterns)}, and {stream_id[:200]!r} is not among them"
            )

    def require_kind(self, kind: str) -> None:
        """See that the caller may have to do with every stream of a kind: what opening a new one needs.

        Raises:
            Forbidden: the caller's token is bound to other streams.
        """
        if not self.streams.allows_kind(kind):
            raise Forbidden(f"your token is bound to {', '.join(self.streams.patterns)}; to open a {kind} it needs '{kind}:*'")
