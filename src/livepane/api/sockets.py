"""The WebSocket routes: each reads its options, accepts, and hands over to a transport."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable

from fastapi import APIRouter, WebSocket
from starlette.websockets import WebSocketDisconnect

from livepane.api.access import allow
from livepane.api.deps import caller_of, services_of
from livepane.domain.access import Rights, Role
from livepane.domain.demand import RenditionSpec
from livepane.domain.errors import LivepaneError, NotFound
from livepane.domain.job import Job
from livepane.domain.stream import Kind, StreamId
from livepane.hub.stream import Stream
from livepane.services import Services
from livepane.transports import connection, producer, screenshots, viewer_binary, viewer_json, viewer_live
from livepane.transports.options import FrameOptions, fps_of_query, spec_of_query
from livepane.transports.session import close
from livepane.wire import frame_json
from livepane.wire.messages import PRODUCER_SUBPROTOCOL, VIEWER_SUBPROTOCOL

log = logging.getLogger(__name__)
_RESERVED = frozenset({"replay"})  # prefixes of ids that no producer may take for its name
router = APIRouter()


async def _run(websocket: WebSocket, work: Callable[[], Awaitable[None]]) -> None:
    """Run a session on an accepted socket; an error closes it with a code that says which."""
    route = getattr(websocket.scope.get("route"), "path", websocket.url.path)
    opened = services_of(websocket).sockets
    opened[route] += 1
    try:
        await work()
    except WebSocketDisconnect:
        return
    except LivepaneError as error:
        log.info("%s: %s", websocket.url.path, error)
        await close(websocket, error)
    finally:
        opened[route] -= 1


async def _spend(websocket: WebSocket) -> None:
    """Count a use of a link whose uses are limited; called when it is known that the link is for what it is shown for.

    Raises:
        Unauthorised: none is left.
        Unavailable: it cannot be counted.
    """
    grant = caller_of(websocket).grant
    if grant is not None:
        await services_of(websocket).keyring.spend(grant)


def _limit(websocket: WebSocket, size: int) -> None:
    """Bytes that a message of this peer may have; more closes with 1009."""
    direct = connection.of(websocket.scope)
    if direct is not None:
        direct.conn.max_message_size = size


@router.websocket("/api/live")
@allow(Role.VIEWER, bounded=True)
async def live(websocket: WebSocket) -> None:
    """Our own viewer protocol: all panes of a page on one socket."""
    services = services_of(websocket)
    offered = websocket.scope.get("subprotocols", [])
    await websocket.accept(VIEWER_SUBPROTOCOL if VIEWER_SUBPROTOCOL in offered else None)
    _limit(websocket, services.settings.max_message_bytes)
    rights = caller_of(websocket).rights

    async def work() -> None:
        await _spend(websocket)
        await viewer_live.serve(websocket, services.hub, rights, services.settings.send_stall_seconds)

    await _run(websocket, work)


@router.websocket("/stream/{window_id}")
@allow(Role.VIEWER, bounded=True)
async def json_frames(websocket: WebSocket, window_id: str) -> None:
    """A window (by its handle), `0` for the desktop, `monitor:1`, or any other stream, as JSON frames."""
    services, rights = services_of(websocket), caller_of(websocket).rights
    await websocket.accept()
    _limit(websocket, services.settings.max_message_bytes)

    async def work() -> None:
        try:
            options = FrameOptions.of_query(websocket.query_params)
            wanted = _window_stream(window_id)
            rights.require_stream(wanted)
            stream = await services.hub.open(wanted)
            await _spend(websocket)
        except LivepaneError as error:
            await websocket.send_text(frame_json.error_message(error))
            raise
        await viewer_json.serve(websocket, stream, options, services.settings.send_stall_seconds, guest=rights.guest)

    await _run(websocket, work)


def _window_stream(window_id: str) -> str:
    """The stream that a window id means: existing clients know `0` and bare handles."""
    if ":" in window_id:
        return window_id
    return "desktop:0" if window_id == "0" else f"{Kind.WINDOW}:{window_id}"


@router.websocket("/ws/viewer")
@allow(Role.VIEWER, bounded=True)
async def binary_viewer(websocket: WebSocket) -> None:
    """One binary message per picture of `?name=` (a producer's name or any stream id)."""
    services, rights = services_of(websocket), caller_of(websocket).rights
    await websocket.accept()
    _limit(websocket, services.settings.max_message_bytes)

    async def work() -> None:
        # Byte for byte what was pushed, whatever it is; who asks for a quality or a size asks for a JPEG.
        spec = spec_of_query(websocket.query_params)
        if spec == RenditionSpec():
            spec = RenditionSpec(encoding=None)
        stream = await _named(services, rights, websocket.query_params.get("name") or "default")
        await _spend(websocket)
        # Who names no rate gets every picture that is pushed, and as many captured ones as a screen shows smoothly.
        fps = fps_of_query(websocket.query_params, default=60.0 if stream.id.kind is Kind.PRODUCER else 30.0)
        await viewer_binary.serve(websocket, stream, spec, fps, services.settings.send_stall_seconds)

    await _run(websocket, work)


async def _named(services: Services, rights: Rights, name: str) -> Stream:
    """A stream by id; a bare name is a producer's, and a producer may come later."""
    kind, _, rest = name.partition(":")
    wanted = name if rest and (kind in set(Kind) or kind in _RESERVED) else f"{Kind.PRODUCER}:{name}"
    rights.require_stream(wanted)
    if kind in _RESERVED and rest:
        raise NotFound(f"there is no stream {name!r}; GET /api/streams lists what there is")
    if wanted.startswith(f"{Kind.PRODUCER}:"):
        return services.producers.place(StreamId.parse(wanted))
    return await services.hub.open(wanted)


@router.websocket("/ws/producer")
@allow(Role.PRODUCER, bounded=True)
async def producer_socket(websocket: WebSocket) -> None:
    """A machine that shares: plain JPEGs, or our own producer protocol when it asks for it."""
    services = services_of(websocket)
    own = PRODUCER_SUBPROTOCOL in websocket.scope.get("subprotocols", [])
    await websocket.accept(PRODUCER_SUBPROTOCOL if own else None)
    name = websocket.query_params.get("name") or "default"
    settings, limits, rights = services.settings, services.limits, caller_of(websocket).rights
    if own:
        await _run(
            websocket,
            lambda: producer.serve_own(
                websocket, services.producers, rights, limits, settings.max_fps_in, settings.send_stall_seconds
            ),
        )
    else:
        await _run(
            websocket, lambda: producer.serve_plain(websocket, services.producers, rights, name, limits, settings.max_fps_in)
        )


@router.websocket("/ws/screenshots/{queue_id}")
@allow(Role.VIEWER, bounded=True)
async def screenshots_of_a_job(websocket: WebSocket, queue_id: str) -> None:
    """Pictures of a job of the queue, with what it does, as JSON."""
    services, rights = services_of(websocket), caller_of(websocket).rights
    user_settings = services.jobs.user_settings
    # Its messages are pictures and nothing else, so a client is told here that there will be none.
    switched = b"on" if user_settings.current.live_screenshots.enabled else b"off"
    await websocket.accept(headers=[(b"x-live-screenshots", switched)])
    _limit(websocket, services.settings.max_message_bytes)

    async def work() -> None:
        rights.require_stream(f"{Kind.JOB}:{queue_id}")
        job = await _job(services, queue_id)
        await _spend(websocket)
        shown = screenshots.Shown(job.id, job.kind, lambda: services.jobs.browser.past.of(job.id), rights.guest)
        stall = services.settings.send_stall_seconds
        await screenshots.serve(websocket, services.hub, shown, lambda: user_settings.current.live_screenshots, stall)

    await _run(websocket, work)


async def _job(services: Services, queue_id: str) -> Job:
    if not (queue_id.isascii() and queue_id.isdecimal() and len(queue_id) < 19):
        raise NotFound(f"{queue_id[:40]!r} is no job: its id is a whole number; GET /api/jobs lists them")
    return await services.jobs.queue.get(int(queue_id))
