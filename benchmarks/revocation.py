"""A credential ends: how long its viewers still see anything, and whether the others notice."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial

from benchmarks.parts.crowd import Crowd, Watching
from benchmarks.parts.livepane import Livepane
from benchmarks.parts.numbers import median, percentile, ratio
from benchmarks.parts.processes import Child, wait_for
from benchmarks.parts.quiet import undisturbed
from benchmarks.parts.report import Report

STREAM, VIEWERS, OTHERS, FPS = "producer:bench", 300, 20, 5.0
_OWN, _BINARY = "with the credential, /api/live", "with the credential, /ws/viewer"
_PATIENCE = 20.0  # seconds until we call a socket one that was not closed
_REFUSED = 4401
_LIVES = 12  # seconds of a token that expires: everybody has to be there before


@dataclass(slots=True)
class Ending:
    """One credential's end. Milliseconds."""

    closed: list[float] = field(default_factory=list)  # from the end of the credential to the closing, each socket
    well: int = 0  # closed with the word for it
    before: list[float] = field(default_factory=list)  # ages of what the others saw in the two seconds before it
    meanwhile: list[float] = field(default_factory=list)  # and while the sockets were being closed


def run(quick: bool) -> Iterator[Report]:
    """One share link or token with all these viewers on it, revoked or run out, several times."""
    rounds = 1 if quick else 5
    report = Report(
        "revocation",
        f"The end of a credential with {VIEWERS} viewers, {FPS:g} pictures a second × 100 KB, beside {OTHERS} others",
        ["how it ends", "closed p50 ms", "closed p99 ms", "last ms", "closed, of all", "others' age p95 ms", "as before, ×"],
    )
    with Livepane() as server, _fed(server):
        for name, end in (("share link, revoked", _revoked), ("token, expired", _expired)):
            endings = [undisturbed(partial(end, server)) for _ in range(rounds)]
            closed = [one for ending in endings for one in ending.closed]
            before = median(percentile(ending.before, 0.95) for ending in endings)
            meanwhile = median(percentile(ending.meanwhile, 0.95) for ending in endings)
            share, all_of_them = sum(ending.well for ending in endings), VIEWERS * rounds
            report.row(
                name,
                percentile(closed, 0.5),
                percentile(closed, 0.99),
                max(closed, default=None),
                f"{share} of {all_of_them}",
                meanwhile,
                ratio(meanwhile, before),
            )
            report.bar(f"{name}: sockets closed, p99", percentile(closed, 0.99), 1000, "ms")
            report.bar(f"{name}: sockets closed with {_REFUSED}", share, all_of_them, "", at_most=False)
    report.notes += [
        "Closed: from the request to revoke it (or the moment that it runs out) to the close frame at the viewer.",
        "The naive way, a look at the token during the handshake only, closes none of them.",
        "The others' age: that of the pictures which came within a second after the end, beside the two seconds before it.",
    ]
    yield report


@contextmanager
def _fed(server: Livepane) -> Iterator[None]:
    with Child("benchmarks.parts.producer", "--port", str(server.port), "--fps", str(FPS)) as producer:
        producer.read()
        yield


def _revoked(server: Livepane) -> Ending:
    secret, share = server.make_share(STREAM)

    def end() -> float:
        asked = time.time() * 1000
        server.revoke_share(share)
        return asked

    return _ending(server, secret, end)


def _expired(server: Livepane) -> Ending:
    secret, ends_at = server.make_token(STREAM, _LIVES)

    def end() -> float:
        time.sleep(max(0.0, ends_at / 1000 - time.time()))
        return ends_at

    return _ending(server, secret, end, until=ends_at - 2000)


def _ending(server: Livepane, secret: str, end: Callable[[], float], until: float | None = None) -> Ending:
    """`until`: when we have to be ready for the end, in ms since the epoch."""
    watching = [
        Watching(_OWN, VIEWERS // 2, server.port, f"/api/live?token={secret}", "own", STREAM, FPS),
        Watching(_BINARY, VIEWERS // 2, server.port, f"/ws/viewer?name={STREAM}&fps={FPS}&token={secret}", "binary"),
        Watching("others", OTHERS, server.port, "/api/live", "own", STREAM, FPS),
    ]
    found = Ending()
    with Crowd(watching) as crowd:
        if until is not None:
            time.sleep(max(0.0, until / 1000 - time.time()))
        crowd.mark()
        time.sleep(1.9)
        crowd.stop()
        found.before = crowd.report()["others"].ages
        crowd.mark()
        ended = end()
        time.sleep(1.0)
        crowd.stop()
        found.meanwhile = crowd.report()["others"].ages
        wait_for("the closing of every socket", lambda: _count(crowd) == VIEWERS, _PATIENCE)
        for group in (_OWN, _BINARY):
            closings = crowd.closings(group)
            found.closed += [at - ended for at, _ in closings]
            found.well += sum(code == _REFUSED for _, code in closings)
    return found


def _count(crowd: Crowd) -> int:
    return sum(len(crowd.closings(group)) for group in (_OWN, _BINARY))
