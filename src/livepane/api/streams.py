"""Streams over HTTP: the list, one picture, Motion JPEG; opening and closing."""

from __future__ import annotations

import hashlib
import time
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response, StreamingResponse
from pydantic import BaseModel, Field

from livepane.api.access import allow
from livepane.api.deps import ServicesOf
from livepane.auth import Role
from livepane.domain.demand import FPS_RANGE, QUALITY_RANGE, SIDE_RANGE, RenditionSpec
from livepane.domain.errors import BadRequest
from livepane.domain.frame import Encoding
from livepane.services import Services
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


class OpenTab(BaseModel):
    """A tab of the running Chrome, by the id that GET /api/chrome/tabs gives."""

    id: Annotated[str, Field(min_length=1, max_length=128)]


class Opened(BaseModel):
    """A stream that was opened."""

    stream: str
    url: str


@router.get("/api/streams")
@allow(Role.VIEWER)
async def list_streams(services: ServicesOf) -> StreamList:
    """Everything that can be watched now."""
    return StreamList(streams=[stream_model(stream) for stream in services.hub.list()])


@router.get("/api/streams/{stream_id}")
@allow(Role.VIEWER)
async def get_stream(stream_id: str, services: ServicesOf) -> StreamModel:
    """One stream."""
    return stream_model(services.hub.get(stream_id))


@router.delete("/api/streams/{stream_id}", status_code=204)
@allow(Role.OPERATOR)
async def close_stream(stream_id: str, services: ServicesOf) -> None:
    """End a stream that the server opened: its page is closed, a tab is let go."""
    if not services.hub.get(stream_id).can_close:
        raise BadRequest(f"stream {stream_id} was not opened by this server, so it ends where it is made")
    await services.hub.remove(stream_id)


@router.post("/api/pages", status_code=201)
@allow(Role.OPERATOR)
async def open_page(body: OpenPage, services: ServicesOf) -> Opened:
    """Open a page; it stays open until it is closed."""
    stream, page = await services.pages.open(body.url, width=body.width, height=body.height, scale=body.scale)
    return Opened(stream=str(stream.id), url=page.url)


@router.post("/api/tabs", status_code=201)
@allow(Role.OPERATOR)
async def open_tab(body: OpenTab, services: ServicesOf) -> Opened:
    """Attach to a tab of the running Chrome."""
    stream = await services.tabs.open(body.id)
    return Opened(stream=str(stream.id), url=stream.url or "")


@router.get(
    "/streams/{stream_id}.mjpeg", response_class=StreamingResponse, responses={200: {"content": {mjpeg.CONTENT_TYPE: {}}}}
)
@allow(Role.VIEWER, embeddable=True)
async def motion_jpeg(
    stream_id: str,
    services: ServicesOf,
    fps: FpsQuery = 10.0,
    quality: QualityQuery = None,
    width: SideQuery = None,
    height: SideQuery = None,
) -> StreamingResponse:
    """Motion JPEG, for `<img src>`, VLC, OpenCV and ffmpeg."""
    stream = await services.hub.open(stream_id)
    spec = RenditionSpec(Encoding.JPEG, quality, width, height)
    body = viewer_mjpeg.parts(stream, spec, fps, services.stopping)
    return StreamingResponse(body, media_type=mjpeg.CONTENT_TYPE, headers={"X-Accel-Buffering": "no"})


@router.get("/streams/{stream_id}.jpg", response_class=Response, responses={200: {"content": {"image/jpeg": {}}}})
@allow(Role.VIEWER, embeddable=True)
async def jpeg(
    stream_id: str,
    request: Request,
    services: ServicesOf,
    quality: QualityQuery = None,
    width: SideQuery = None,
    height: SideQuery = None,
) -> Response:
    """One picture that is true now. Counts as demand for ten seconds."""
    return await _picture(services, request, stream_id, RenditionSpec(Encoding.JPEG, quality, width, height))


@router.get("/streams/{stream_id}.png", response_class=Response, responses={200: {"content": {"image/png": {}}}})
@allow(Role.VIEWER, embeddable=True)
async def png(
    stream_id: str, request: Request, services: ServicesOf, width: SideQuery = None, height: SideQuery = None
) -> Response:
    """One picture as PNG."""
    return await _picture(services, request, stream_id, RenditionSpec(Encoding.PNG, None, width, height))


@router.get("/streams/{stream_id}.webp", response_class=Response, responses={200: {"content": {"image/webp": {}}}})
@allow(Role.VIEWER, embeddable=True)
async def webp(
    stream_id: str,
    request: Request,
    services: ServicesOf,
    quality: QualityQuery = None,
    width: SideQuery = None,
    height: SideQuery = None,
) -> Response:
    """One picture as WebP."""
    return await _picture(services, request, stream_id, RenditionSpec(Encoding.WEBP, quality, width, height))


async def _picture(services: Services, request: Request, stream_id: str, spec: RenditionSpec) -> Response:
    stream = await services.hub.open(stream_id)
    picture = await still(stream, spec)
    etag = f'"{hashlib.blake2b(picture.data, digest_size=12).hexdigest()}"'
    headers: dict[str, Any] = {
        "ETag": etag,
        "Age": str(max(0, (time.time_ns() - picture.captured_at) // 10**9)),
        "X-Captured-At": f"{picture.captured_at / 1e9:.3f}",
        "X-Picture-State": str(stream.state),
    }
    if request.headers.get("if-none-match") == etag:
        return Response(status_code=304, headers=headers)
    return Response(picture.data, media_type=f"image/{picture.encoding}", headers=headers)
