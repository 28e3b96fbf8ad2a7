"""The queue of a server, asked over HTTP by `livepane jobs`."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

from livepane.discovery import LOOPBACK, locate
from livepane.domain.errors import BadRequest, Conflict, LivepaneError, NotFound, Unauthorised, Unavailable
from livepane.wire import sse

if TYPE_CHECKING:
    import httpx

Info = dict[str, Any]

WITHIN = 30.0  # seconds that a server has to answer
SILENCE = 45.0  # seconds: a server pings every 15
GIVE_UP = 30.0  # seconds that a server may be away while its jobs are followed


class JobServer:
    """A server of jobs. Use it in a block. Every method raises LivepaneError: what the server says, or that it is away."""

    def __init__(self, server: str | None, token: str | None) -> None:
        """Find the server: `server`, else LIVEPANE_SERVER, else the one of this machine.

        Raises:
            Unavailable: there is none.
            BadRequest: the address cannot be read.
        """
        target = locate(server, token)
        if target is None:
            raise Unavailable("no server runs on this machine. Start one with `livepane serve`, or name one with --server.")
        import httpx  # late: `livepane --help` need not load it

        self.url = target.url
        self._http = httpx.Client(
            headers={"Authorization": f"Bearer {target.token}"} if target.token else {},
            verify=target.tls() or True,
            trust_env=urlsplit(target.url).hostname not in LOOPBACK,  # no proxy stands before this machine itself
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._http.close()

    def find(self, filters: Mapping[str, Any], limit: int) -> Info:
        """`{"jobs", "counts"}`, the newest first."""
        return self._ask("GET", "api/jobs", params={**filters, "limit": limit})

    def job(self, job: int) -> Info:
        """One job as it stands."""
        return self._ask("GET", f"api/jobs/{job}")

    def add(self, wish: Info) -> list[Info]:
        """Ask for jobs."""
        made: list[Info] = self._ask("POST", "api/jobs", json=wish)["jobs"]
        return made

    def do(self, verb: str, job: int) -> Info:
        """`cancel` or `retry` one; how it stands then."""
        return self._ask("POST", f"api/jobs/{job}/{verb}")

    def delete(self, job: int) -> None:
        """Remove one with its results."""
        with self._answer("DELETE", f"api/jobs/{job}"):
            return

    def of_group(self, group: str) -> Sequence[Info]:
        """Every job of a group, the newest first."""
        found: list[Info] = []
        while page := self.find({"group": group, **({"before": found[-1]["id"]} if found else {})}, 1000)["jobs"]:
            found += page
        return found

    def results(self, job: int, form: str) -> Iterator[bytes]:
        """All results as a file, piece by piece."""
        with self._answer("GET", f"api/jobs/{job}/items", params={"format": form, "download": "true"}) as answer:
            yield from answer.iter_bytes()

    def events(self, path: str, **params: Any) -> Iterator[sse.Event]:
        """What jobs tell, from the beginning to the end; a server that is away for a moment is asked again."""
        last_id, lost_at = "", None
        while True:
            headers = {"Last-Event-ID": last_id} if last_id else {}
            decoder, told = sse.Decoder(), False
            try:
                with self._answer("GET", path, params=params, headers=headers, read=SILENCE) as answer:
                    if answer.status_code == 204:  # all has been told
                        return
                    for chunk in answer.iter_bytes():
                        lost_at = None
                        for event in decoder.feed(chunk):
                            last_id, told = event.id or last_id, True
                            yield event
                if not told:  # it ended without a word: there is no use in asking at once
                    time.sleep(1)
            except Unavailable as error:
                lost_at = lost_at or time.monotonic()
                if time.monotonic() - lost_at > GIVE_UP or not last_id:
                    raise error from None
                time.sleep(1)

    def _ask(self, method: str, path: str, **request: Any) -> Info:
        with self._answer(method, path, **request) as answer:
            answer.read()
            try:
                said = answer.json()
            except ValueError:
                said = None
        if not isinstance(said, dict):
            raise Unavailable(f"{self.url} answered {answer.status_code}. Is it a Livepane server?")
        return said

    @contextmanager
    def _answer(self, method: str, path: str, *, read: float = WITHIN, **request: Any) -> Iterator[httpx.Response]:
        import httpx

        patience = httpx.Timeout(WITHIN, read=read)
        try:
            with self._http.stream(method, f"{self.url}/{path}", timeout=patience, **request) as answer:
                if not answer.is_success:
                    answer.read()
                    raise _refusal(answer, self.url)
                yield answer
        except httpx.ConnectError as error:
            raise Unavailable(f"{self.url} cannot be reached: {error}. Is it running there?") from None
        except httpx.TimeoutException:
            raise Unavailable(f"{self.url} has not answered for too long. Look at the server's log.") from None
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise Unavailable(f"{self.url}: {str(error) or type(error).__name__}") from None


def _refusal(answer: httpx.Response, url: str) -> LivepaneError:
    try:
        said = str(json.loads(answer.text)["detail"])
    except (ValueError, KeyError, TypeError):
        said = f"it answered {answer.status_code}"
    match answer.status_code:
        case 400 | 422:
            return BadRequest(said)
        case 401 | 403:
            return Unauthorised(f"{url}: {said}. Give a token with --token or LIVEPANE_TOKEN.")
        case 404:
            return NotFound(said)
        case 409:
            return Conflict(said)
        case _:
            return Unavailable(f"{url}: {said}")
