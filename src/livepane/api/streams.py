"""Streams over HTTP: the list, one picture, Motion JPEG; opening and closing."""

from __future__ import annotations

import hashlib
import time
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response, StreamingResponse
from pydantic import BaseModel, Field

from livepane.api.access import allow
from livepane.api.deps import CallerOf, ServicesOf
from livepane.api.door import Caller
from livepane.domain.access import Role
from livepane.domain.bus import owner
from livepane.domain.demand import FPS_RANGE, QUALITY_RANGE, SIDE_RANGE, RenditionSpec
from livepane.domain.errors import BadRequest, Conflict
from livepane.domain.frame import Encoding
from livepane.domain.stream import Kind
from livepane.services import Services
from livepane.sources.masking.selectors import MOST_SELECTORS, SELECTOR_LENGTH, selectors
from livepane.transports import viewer_mjpeg
from livepane.transports.still import still
from livepane.transports.view import stream_model
from livepane.wire import mjpeg
from livepane.wire.messages import Side, StreamModel

router = APIRouter(tags=["streams"])

QualityQuery = Annotated[
    int | None, Query(ge=QUALITY_RANGE[0], le=QUALITY_RANGE[1], description="as the source has it when absent")
]
SideQuery = Annotated[int | None, Query(ge=SIDE_RANGE[0], le=SIDE_RANGE[1], description="px; scaled down to fit, never up")]
PreviewQuery = Annotated[bool, Query(description="a look only: a window or monitor that nobody watches stays off the wall")]
FpsQuery = Annotated[float, Query(ge=FPS_RANGE[0], le=FPS_RANGE[1], description="pictures a second at the most")]


class StreamList(BaseModel):
    """All streams, oldest first."""

    streams: list[StreamModel]


class OpenPage(BaseModel):
    """A page to open on the server."""

    url: Annotated[str, Field(min_length=1, max_length=8192, description="http or https")]
    width: Side = 1280
    height: Side = 720
    scale: Annotated[float, Field(ge=0.25, le=4, description="device pixels per CSS pixel")] = 1.0
    mask: Annotated[
        list[Annotated[str, Field(min_length=1, max_length=SELECTOR_LENGTH)]],
        Field(max_length=MOST_SELECTORS, description="CSS selectors of what is painted over, beside password fields"),
    ] = []


class OpenTab(BaseModel):
    """A tab of the running Chrome, by the id that GET /api/chrome/tabs gives."""

    id: Annotated[str, Field(min_length=1, max_length=128)]


class Opened(BaseModel):
    """A stream that was opened."""

    stream: str
    url: str


@router.get("/api/streams")
@allow(Role.VIEWER, bounded=True)
async def list_streams(services: ServicesOf, caller: CallerOf) -> StreamList:
    """Everything that the caller can watch now."""
    allowed, guest = caller.rights.streams.allows, caller.rights.guest
    return StreamList(streams=[stream_model(stream, guest=guest) for stream in services.hub.list() if allowed(str(stream.id))])


@router.get("/api/streams/{stream_id}")
@allow(Role.VIEWER, bounded=True)
async def get_stream(stream_id: str, services: ServicesOf, caller: CallerOf) -> StreamModel:
    """One stream."""
    caller.rights.require_stream(stream_id)
    return stream_model(services.hub.get(stream_id), guest=caller.rights.guest)


@router.delete("/api/streams/{stream_id}", status_code=204)
@allow(Role.OPERATOR, bounded=True)
async def close_stream(stream_id: str, services: ServicesOf, caller: CallerOf) -> None:
    """End a stream that a server opened, this one or another of its cluster: its page is closed, a tab is let go."""
    caller.rights.require_stream(stream_id)
    stream = services.hub.get(stream_id)
    if not stream.can_close and stream.node is not None:
        raise Conflict(f"stream {stream_id} belongs to {owner(stream.node)}, which has not opened it; it ends where it is made")
    if not stream.can_close:
        raise BadRequest(f"stream {stream_id} was not opened by this server, so it ends where it is made")
    if services.node is not None:
        await services.node.closings.close(stream_id)
    else:
        await services.hub.remove(stream_id)


@router.post("/api/pages", status_code=201)
@allow(Role.OPERATOR, bounded=True)
async def open_page(body: OpenPage, services: ServicesOf, caller: CallerOf) -> Opened:
    """Open a page; it stays open until it is closed."""
    caller.rights.require_kind(Kind.PAGE)
    mask = selectors(body.mask)
    stream, page = await services.pages.open(body.url, width=body.width, height=body.height, scale=body.scale, mask=mask)
    return Opened(stream=str(stream.id), url=page.url)


@router.post("/api/tabs", status_code=201)
@allow(Role.OPERATOR, bounded=True)
async def open_tab(body: OpenTab, services: ServicesOf, caller: CallerOf) -> Opened:
    """Attach to a tab of the running Chrome."""
    caller.rights.require_kind(Kind.TAB)
    stream = await services.tabs.open(body.id)
    return Opened(stream=str(stream.id), url=stream.url or "")


@router.get(
    "/streams/{stream_id}.mjpeg", response_class=StreamingResponse, responses={200: {"content": {mjpeg.CONTENT_TYPE: {}}}}
)
@allow(Role.VIEWER, bounded=True, embeddable=True)
async def motion_jpeg(
    stream_id: str,
    services: ServicesOf,
    caller: CallerOf,
    fps: FpsQuery = 10.0,
    quality: QualityQuery = None,
    width: SideQuery = None,
    height: SideQuery = None,
) -> viewer_mjpeg.MotionJpeg:
    """Motion JPEG, for `<img src>`, VLC, OpenCV and ffmpeg."""
    caller.rights.require_stream(stream_id)
    stream = await services.hub.open(stream_id)
    spec = RenditionSpec(Encoding.JPEG, quality, width, height)
    return viewer_mjpeg.MotionJpeg(viewer_mjpeg.parts(stream, spec, fps, services.stopping))


@router.get("/streams/{stream_id}.jpg", response_class=Response, responses={200: {"content": {"image/jpeg": {}}}})
@allow(Role.VIEWER, bounded=True, embeddable=True)
async def jpeg(
    stream_id: str,
    request: Request,
    services: ServicesOf,
    caller: CallerOf,
    quality: QualityQuery = None,
    width: SideQuery = None,
    height: SideQuery = None,
    preview: PreviewQuery = False,
) -> Response:
    """One picture that is true now. Counts as demand for ten seconds."""
    return await picture(services, caller, request, stream_id, RenditionSpec(Encoding.JPEG, quality, width, height), preview)


@router.get("/streams/{stream_id}.png", response_class=Response, responses={200: {"content": {"image/png": {}}}})
@allow(Role.VIEWER, bounded=True, embeddable=True)
async def png(
    stream_id: str,
    request: Request,
    services: ServicesOf,
    caller: CallerOf,
    width: SideQuery = None,
    height: SideQuery = None,
    preview: PreviewQuery = False,
) -> Response:
    """One picture as PNG."""
    return await picture(services, caller, request, stream_id, RenditionSpec(Encoding.PNG, None, width, height), preview)


@router.get("/streams/{stream_id}.webp", response_class=Response, responses={200: {"content": {"image/webp": {}}}})
@allow(Role.VIEWER, bounded=True, embeddable=True)
async def webp(
    stream_id: str,
    request: Request,
    services: ServicesOf,
    caller: CallerOf,
    quality: QualityQuery = None,
    width: SideQuery = None,
    height: SideQuery = None,
    preview: PreviewQuery = False,
) -> Response:
    """One picture as WebP."""
    return await picture(services, caller, request, stream_id, RenditionSpec(Encoding.WEBP, quality, width, height), preview)


async def picture(
    services: Services, caller: Caller, request: Request, stream_id: str, spec: RenditionSpec, preview: bool
) -> Response:
    """One picture of a stream as an answer, with its age and a tag; 304 when the caller has it."""
    caller.rights.require_stream(stream_id)
    stream = await services.hub.open(stream_id, listed=not preview)
    shown = await still(stream, spec)
    etag = f'"{hashlib.blake2b(shown.data, digest_size=12).hexdigest()}"'
    headers: dict[str, Any] = {
        "ETag": etag,
        "Age": str(max(0, (time.time_ns() - shown.captured_at) // 10**9)),
        "X-Captured-At": f"{shown.captured_at / 1e9:.3f}",
        "X-Picture-State": str(stream.state),
    }
    if known(request.headers.get("if-none-match", ""), etag):
        return Response(status_code=304, headers=headers)
    return Response(shown.data, media_type=f"image/{shown.encoding}", headers=headers)


def known(given: str, etag: str) -> bool:
    """Whether If-None-Match names a picture: one tag, several, weak ones, or `*`."""
    return bool(given) and (given == etag or any(one.strip().removeprefix("W/") in (etag, "*") for one in given.split(",")))
