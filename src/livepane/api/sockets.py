"""The WebSocket routes: each reads its options, accepts, and hands over to a transport."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable

from fastapi import APIRouter, WebSocket
from starlette.websockets import WebSocketDisconnect

from livepane.api.access import allow
from livepane.api.deps import caller_of, services_of
from livepane.auth import Role
from livepane.domain.demand import RenditionSpec
from livepane.domain.errors import LivepaneError, NotFound
from livepane.domain.stream import Kind, StreamId
from livepane.hub.stream import Stream
from livepane.services import Services
from livepane.transports import connection, producer, viewer_binary, viewer_json, viewer_live
from livepane.transports.options import FrameOptions, fps_of_query, spec_of_query
from livepane.transports.session import close
from livepane.wire import frame_json
from livepane.wire.messages import PRODUCER_SUBPROTOCOL, VIEWER_SUBPROTOCOL

log = logging.getLogger(__name__)
_RESERVED = frozenset({"job", "replay"})  # prefixes of ids that no producer may take for its name
router = APIRouter()


async def _run(websocket: WebSocket, work: Callable[[], Awaitable[None]]) -> None:
    """Run a session on an accepted socket; an error closes it with a code that says which."""
    try:
        await work()
    except WebSocketDisconnect:
        return
    except LivepaneError as error:
        log.info("%s: %s", websocket.url.path, error)
        await close(websocket, error)


def _limit(websocket: WebSocket, size: int) -> None:
    """Bytes that a message of this peer may have; more closes with 1009."""
    direct = connection.of(websocket.scope)
    if direct is not None:
        direct.conn.max_message_size = size


@router.websocket("/api/live")
@allow(Role.VIEWER)
async def live(websocket: WebSocket) -> None:
    """Our own viewer protocol: all panes of a page on one socket."""
    services = services_of(websocket)
    offered = websocket.scope.get("subprotocols", [])
    await websocket.accept(VIEWER_SUBPROTOCOL if VIEWER_SUBPROTOCOL in offered else None)
    _limit(websocket, services.settings.max_message_bytes)
    roles = sorted(str(role) for role in caller_of(websocket).roles)
    await _run(websocket, lambda: viewer_live.serve(websocket, services.hub, roles, services.settings.send_stall_seconds))


@router.websocket("/stream/{window_id}")
@allow(Role.VIEWER)
async def json_frames(websocket: WebSocket, window_id: str) -> None:
    """A window (by its handle), `0` for the desktop, `monitor:1`, or any other stream, as JSON frames."""
    services = services_of(websocket)
    await websocket.accept()
    _limit(websocket, services.settings.max_message_bytes)

    async def work() -> None:
        try:
            options = FrameOptions.of_query(websocket.query_params)
            stream = await services.hub.open(_window_stream(window_id))
        except LivepaneError as error:
            await websocket.send_text(frame_json.error_message(error))
            raise
        await viewer_json.serve(websocket, stream, options, services.settings.send_stall_seconds)

    await _run(websocket, work)


def _window_stream(window_id: str) -> str:
    """The stream that a window id means: existing clients know `0` and bare handles."""
    if ":" in window_id:
        return window_id
    return "desktop:0" if window_id == "0" else f"{Kind.WINDOW}:{window_id}"


@router.websocket("/ws/viewer")
@allow(Role.VIEWER)
async def binary_viewer(websocket: WebSocket) -> None:
    """One binary message per picture of `?name=` (a producer's name or any stream id)."""
    services = services_of(websocket)
    await websocket.accept()
    _limit(websocket, services.settings.max_message_bytes)

    async def work() -> None:
        # Byte for byte what was pushed, whatever it is; who asks for a quality or a size asks for a JPEG.
        spec = spec_of_query(websocket.query_params)
        if spec == RenditionSpec():
            spec = RenditionSpec(encoding=None)
        stream = await _named(services, websocket.query_params.get("name") or "default")
        # Who names no rate gets every picture that is pushed, and as many captured ones as a screen shows smoothly.
        fps = fps_of_query(websocket.query_params, default=60.0 if stream.id.kind is Kind.PRODUCER else 30.0)
        await viewer_binary.serve(websocket, stream, spec, fps, services.settings.send_stall_seconds)

    await _run(websocket, work)


async def _named(services: Services, name: str) -> Stream:
    """A stream by id; a bare name is a producer's, and a producer may come later."""
    kind, _, rest = name.partition(":")
    if kind in _RESERVED and rest:
        raise NotFound(f"there is no stream {name!r}; GET /api/streams lists what there is")
    if kind in set(Kind) and rest:
        if kind == Kind.PRODUCER:
            return services.producers.place(StreamId.parse(name))
        return await services.hub.open(name)
    return services.producers.place(StreamId.parse(f"{Kind.PRODUCER}:{name}"))


@router.websocket("/ws/producer")
@allow(Role.PRODUCER)
async def producer_socket(websocket: WebSocket) -> None:
    """A machine that shares: plain JPEGs, or our own producer protocol when it asks for it."""
    services = services_of(websocket)
    own = PRODUCER_SUBPROTOCOL in websocket.scope.get("subprotocols", [])
    await websocket.accept(PRODUCER_SUBPROTOCOL if own else None)
    name = websocket.query_params.get("name") or "default"
    settings, limits = services.settings, services.limits
    if own:
        await _run(
            websocket,
            lambda: producer.serve_own(websocket, services.producers, limits, settings.max_fps_in, settings.send_stall_seconds),
        )
    else:
        await _run(websocket, lambda: producer.serve_plain(websocket, services.producers, name, limits, settings.max_fps_in))
