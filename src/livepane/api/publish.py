"""`POST /publish` and `GET /latest`: pictures by single requests, for extensions, scripts and cron jobs."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any, get_args

from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.requests import ClientDisconnect

from livepane.api.access import allow
from livepane.api.deps import caller_of, services_of
from livepane.api.direct import DirectRoute
from livepane.api.streams import known, picture
from livepane.domain.access import Role
from livepane.domain.demand import RenditionSpec
from livepane.domain.errors import BadRequest, NotFound, Unavailable
from livepane.domain.frame import Encoding
from livepane.domain.stream import Kind
from livepane.hub.stream import Stream
from livepane.wire.messages import ImageFormat
from livepane.wire.publish import EVERY_RANGE, Publication, stream_of

router = APIRouter(tags=["pictures by request"], route_class=DirectRoute)

MAX_BODY = 14 * 2**20  # bytes: 10 MiB as base64, and what stands around it
_CACHE = "no-store, no-cache, must-revalidate, max-age=0"
_NOBODY = "no picture was pushed yet; POST /publish takes one"

_DONE = b'{"status":"ok"}'
_FORMATS: tuple[str, ...] = get_args(ImageFormat)

_TEXT = {"type": "string"}
_BODY: dict[str, Any] = {
    "type": "object",
    "required": ["frame"],
    "properties": {
        "frame": _TEXT | {"description": "the picture (JPEG, PNG or WebP, 10 MiB at the most) as base64, or as a data URL"},
        "source": _TEXT | {"description": "its stream is `tab:SOURCE`", "default": "default"},
        "title": _TEXT | {"description": "of the pane"},
        "url": _TEXT | {"description": "of what is shown"},
        "timestamp": {
            "anyOf": [{"type": "number"}, _TEXT],
            "description": "when it was taken: seconds or milliseconds since the Unix epoch, or ISO 8601; the clock may be wrong",
        },
        "masked": {"type": "boolean", "description": "parts of it were painted over"},
        "every_ms": {
            "type": "number",
            "minimum": EVERY_RANGE[0] * 1000,
            "maximum": EVERY_RANGE[1] * 1000,
            "description": "when the next one is to be expected; without it that is learnt from those that come",
        },
    },
}
_QUERY: dict[str, dict[str, Any]] = {
    "stream": _TEXT | {"description": "a source, or any stream id; without it whatever was pushed last"},
    "format": {"enum": list(_FORMATS), "description": "byte for byte as it was pushed when absent"},
    "t": _TEXT | {"description": "anything: makes an address new to a browser"},
}
_PARAMETERS = [
    {"name": name, "in": "query", "description": schema["description"], "schema": schema} for name, schema in _QUERY.items()
]


@router.post("/publish", openapi_extra={"requestBody": {"content": {"application/json": {"schema": _BODY}}, "required": True}})
@allow(Role.PRODUCER, bounded=True, frequent=True, max_body=MAX_BODY)
async def publish(request: Request) -> Response:
    """Show one picture: the stream `tab:SOURCE` is there from the first one on. Answers `{"status":"ok"}`.

    Over the limits for one source or one address it is 429 with Retry-After. `error` of a failure is one sentence.
    """
    services, caller = services_of(request), caller_of(request)
    services.pushes.admit(caller.peer.address)
    try:
        body = await request.body()
    except ClientDisconnect:
        return Response(status_code=400)  # nobody hears it: a tab was closed, a network has gone
    publication = Publication.read(body)
    await services.pushes.take(publication, caller.rights)
    if services.node is not None and services.node.away is not None:
        raise Unavailable("the picture is shown by this server and by no other: the connection between them is away")
    return Response(_DONE, media_type="application/json")


@router.head("/latest", include_in_schema=False)
@router.get(
    "/latest",
    response_class=Response,
    responses={200: {"content": {"image/*": {}}}},
    openapi_extra={"parameters": _PARAMETERS},
)
@allow(Role.VIEWER, bounded=True, embeddable=True)
async def latest(request: Request) -> Response:
    """The newest pushed picture, with an ETag. Of a stream that is captured it counts as demand for ten seconds."""
    services, caller = services_of(request), caller_of(request)
    query: Mapping[str, str] = request.query_params if request.scope["query_string"] else {}
    stream, wish = query.get("stream"), query.get("format")
    if wish is not None and wish not in _FORMATS:
        raise BadRequest(f"format = {wish[:40]!r} is none of ours: {', '.join(_FORMATS)}; without it the picture is as it came")
    if stream is None:
        wanted = services.pushes.newest(caller.rights.streams.allows)
        if wanted is None:
            raise NotFound(_NOBODY)
    else:
        name = _named(stream)
        caller.rights.require_stream(name)
        wanted = await services.hub.open(name)
    if wish is None and wanted.cadence is not None and wanted.pushed:
        return _as_it_came(request, wanted)
    try:
        answer = await picture(
            services, caller, request, str(wanted.id), RenditionSpec(Encoding(wish) if wish else None), preview=False
        )
    except Unavailable as error:
        raise NotFound(error.message) from None
    answer.headers["Cache-Control"] = _CACHE
    return answer


def _named(text: str) -> str:
    """A stream by its id, or by its source alone."""
    kind, colon, _ = text.partition(":")
    return text if colon and kind in set(Kind) else str(stream_of(text))


def _as_it_came(request: Request, stream: Stream) -> Response:
    frame = stream.newest()
    if frame is None:
        raise NotFound(_NOBODY)
    shown = frame.picture
    etag = f'"{stream.session}-{frame.epoch:x}-{frame.seq:x}"'  # a picture like the one before it has its number, too
    headers = {
        "ETag": etag,
        "Cache-Control": _CACHE,
        "Age": str(max(0, (time.time_ns() - shown.captured_at) // 10**9)),
        "X-Captured-At": f"{shown.captured_at / 1e9:.3f}",
        "X-Picture-State": str(stream.state),
    }
    if known(request.headers.get("if-none-match", ""), etag):
        return Response(status_code=304, headers=headers)
    return Response(shown.data, media_type=f"image/{shown.encoding}", headers=headers)
