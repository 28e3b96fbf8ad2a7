"""Kept files over HTTP: the list, one item, its file, a preview, many as a ZIP, delete."""

from __future__ import annotations

import asyncio
import pathlib
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Annotated, TypeVar
from urllib.parse import quote

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import FileResponse, Response, StreamingResponse

from livepane.api.access import allow
from livepane.api.deps import ServicesOf
from livepane.api.jobs import LARGEST_ID, JobId
from livepane.api.streams import known
from livepane.domain.access import Role
from livepane.domain.demand import SIDE_RANGE
from livepane.domain.errors import BadRequest, NotFound, Unavailable, UnsupportedMedia
from livepane.downloads import errors, pictures
from livepane.downloads.collection import Collection
from livepane.downloads.library import Shelved, Wish
from livepane.downloads.record import MediaKind, Outcome, Version
from livepane.downloads.zipped import Packed, zipped
from livepane.services import Services
from livepane.wire.downloads import CollectionModel, DownloadList, DownloadModel

router = APIRouter(tags=["downloads"])

T = TypeVar("T")

MOST = 500  # items in one answer
SHOWN = frozenset({"image/jpeg", "image/png", "image/apng", "image/gif", "image/webp", "image/avif", "image/bmp"})
_SANDBOX = "sandbox; default-src 'none'"
_AGAIN = "private, no-cache"  # whoever has it asks whether it is still that

CollectionName = Annotated[str, Path(min_length=1, max_length=255)]
Hash = Annotated[str, Path(alias="hash", pattern="^[0-9a-f]{16}$", description="of the item's key")]
Number = Annotated[int | None, Query(alias="version", ge=1, le=1_000_000, description="of the item, the first is 1; the best")]


@router.get("/api/downloads")
@allow(Role.VIEWER)
async def list_downloads(
    services: ServicesOf,
    collection: Annotated[str | None, Query(max_length=255)] = None,
    kind: Annotated[MediaKind | None, Query(description="image, video, audio or other")] = None,
    job: Annotated[int | None, Query(ge=1, le=LARGEST_ID, description="that brought a version of it")] = None,
    outcome: Annotated[Outcome | None, Query(description="left out: all but duplicates; failed: whose last try failed")] = None,
    q: Annotated[str, Query(max_length=200, description="a part of the name, the title, the page or the address")] = "",
    before: Annotated[str | None, Query(max_length=400, description="`next` of the page before")] = None,
    limit: Annotated[int, Query(ge=1, le=MOST)] = 60,
) -> DownloadList:
    """What was kept, the newest first: of all jobs and of the command line, items that failed included."""
    wish = Wish(collection, kind, job, outcome, q.strip())
    try:
        page = await _blocking(lambda: services.library.page(wish, before=before, limit=limit))
    except ValueError as error:
        raise BadRequest(f"before = {error}") from None
    return DownloadList(
        items=[_model(one) for one in page.items],
        collections=[CollectionModel(name=one.name, items=one.items, bytes=one.bytes, failed=one.failed) for one in page.shelves],
        counts={kind: page.kinds[kind] for kind in MediaKind},
        next=page.next,
    )


@router.get("/api/downloads/{collection}.zip", response_class=StreamingResponse)
@allow(Role.VIEWER)
async def collection_zip(collection: CollectionName, services: ServicesOf) -> Response:
    """The best file of every item of a collection, as one ZIP."""
    library = services.library
    found = await _blocking(lambda: library.every(Wish(collection)))
    if not found and await _blocking(lambda: library.folder(collection)) is None:
        raise NotFound(f"there is no collection {collection!r}; GET /api/downloads lists what there is")
    return _zip(services, [(one, one.record.best) for one in found], f"{collection}.zip")


@router.get("/api/jobs/{job_id}/files.zip", response_class=StreamingResponse)
@allow(Role.VIEWER)
async def job_zip(job_id: JobId, services: ServicesOf) -> Response:
    """The files that a job brought, the best of each item, as one ZIP."""
    found = await _blocking(lambda: services.library.every(Wish(job=job_id)))
    brought = [(one, next((v for v in reversed(one.record.versions) if v.job == job_id), None)) for one in found]
    if all(version is None for _, version in brought):
        raise NotFound(f"job {job_id} has brought no files")
    return _zip(services, brought, f"job-{job_id}-files.zip")


@router.get("/api/downloads/{collection}/{hash}")
@allow(Role.VIEWER)
async def get_download(collection: CollectionName, hash_: Hash, services: ServicesOf) -> DownloadModel:
    """One item with all its versions."""
    return _model(await _shelved(services, collection, hash_))


@router.delete("/api/downloads/{collection}/{hash}", status_code=204)
@allow(Role.OPERATOR)
async def delete_download(collection: CollectionName, hash_: Hash, services: ServicesOf) -> None:
    """Delete an item with all its files. A later run that finds it fetches it again."""
    found = await _shelved(services, collection, hash_)
    await _blocking(lambda: Collection.open(services.library.root / collection).delete(found.record.key))


@router.head("/api/downloads/{collection}/{hash}/file", include_in_schema=False)
@router.get("/api/downloads/{collection}/{hash}/file", response_class=FileResponse)
@allow(Role.VIEWER)
async def download_file(
    collection: CollectionName, hash_: Hash, request: Request, services: ServicesOf, number: Number = None
) -> Response:
    """The file, or a part of it. Pictures without scripts, videos and sound are shown; anything else is only ever saved."""
    version, path = await _file(services, collection, hash_, number)
    headers = {"ETag": f'"{version.sha256[:32]}"', "Cache-Control": _AGAIN}
    if known(request.headers.get("if-none-match", ""), headers["ETag"]):
        return Response(status_code=304, headers=headers)
    shown = version.media_type in SHOWN or MediaKind.of(version.media_type) in (MediaKind.VIDEO, MediaKind.AUDIO)
    if not shown:
        headers["Content-Security-Policy"] = _SANDBOX
    return FileResponse(
        path,
        headers=headers,
        media_type=version.media_type if shown else "application/octet-stream",
        filename=version.file.rpartition("/")[2],
        content_disposition_type="inline" if shown else "attachment",
    )


@router.get(
    "/api/downloads/{collection}/{hash}/preview.jpg", response_class=Response, responses={200: {"content": {"image/jpeg": {}}}}
)
@allow(Role.VIEWER)
async def preview(
    collection: CollectionName,
    hash_: Hash,
    request: Request,
    services: ServicesOf,
    width: Annotated[int, Query(ge=SIDE_RANGE[0], le=4096, description="px; the picture fits into a square of them")] = 320,
    number: Number = None,
) -> Response:
    """A small picture of it; 415 when there is none to be made: of a video, an SVG, a file that claims too many pixels."""
    version, path = await _file(services, collection, hash_, number)
    headers = {"ETag": f'"{version.sha256[:32]}-{width}"', "Cache-Control": _AGAIN}
    if known(request.headers.get("if-none-match", ""), headers["ETag"]):
        return Response(status_code=304, headers=headers)
    if MediaKind.of(version.media_type) is not MediaKind.IMAGE or version.media_type not in pictures.MEDIA_TYPES:
        raise UnsupportedMedia(f"no preview is made of {version.media_type}: {version.file.rpartition('/')[2]!r}")
    async with services.previews:
        body = await _blocking(lambda: pictures.preview(path, width, width))
    return Response(body, media_type="image/jpeg", headers=headers)


# --- what they share ------------------------------------------------------------------------------------


def _model(one: Shelved) -> DownloadModel:
    return DownloadModel.of(one.collection, one.hash, one.record, one.entry.outcome, one.entry.at, one.entry.job)


async def _shelved(services: Services, collection: str, hash_: str) -> Shelved:
    found = await _blocking(lambda: services.library.find(collection, hash_))
    if found is None:
        raise NotFound(f"there is no download {f'{collection}/{hash_}'!r}; GET /api/downloads lists what there is")
    return found


async def _file(services: Services, collection: str, hash_: str, number: int | None) -> tuple[Version, pathlib.Path]:
    one = await _shelved(services, collection, hash_)
    versions = one.record.versions
    if not versions:
        raise NotFound(f"{one.record.name!r} never came: {one.record.error}")
    if number is not None and number > len(versions):
        raise NotFound(f"version = {number}: {one.record.name!r} has {len(versions)}")
    version = versions[-1 if number is None else number - 1]
    path = await _blocking(lambda: services.library.file(collection, version))
    if path is None:
        raise NotFound(f"somebody has taken {version.file!r} out of the folder of {collection!r}")
    return version, path


def _zip(services: Services, which: Sequence[tuple[Shelved, Version | None]], name: str) -> Response:
    """Several collections become a folder each."""
    several = len({one.collection for one, version in which if version is not None}) > 1
    seen: set[tuple[str, str]] = set()

    def files() -> Iterator[Packed]:
        for one, version in which:
            if version is None or (one.collection, version.file) in seen:
                continue
            seen.add((one.collection, version.file))
            path = services.library.file(one.collection, version)
            if path is not None:
                file = version.file.rpartition("/")[2]
                yield Packed(path, f"{one.collection}/{file}" if several else file, version.at)

    disposition = f"attachment; filename*=utf-8''{quote(name)}" if quote(name) != name else f'attachment; filename="{name}"'
    headers = {"Content-Disposition": disposition, "X-Accel-Buffering": "no"}
    return StreamingResponse(_streamed(zipped(files()), services.stopping), media_type="application/zip", headers=headers)


async def _streamed(pieces: Iterator[bytes], stopping: asyncio.Event) -> AsyncGenerator[bytes, None]:
    """Read in a thread, as fast as the client takes it: the next piece is read when the last one is on its way.

    A server that ends breaks it off; a ZIP without its end is seen to be none.
    """
    while not stopping.is_set() and (piece := await asyncio.to_thread(next, pieces, None)) is not None:
        yield piece


async def _blocking(call: Callable[[], T]) -> T:
    """In a thread; what goes wrong with files is said as an answer.

    Raises:
        UnsupportedMedia: there is no picture to be made.
        Unavailable: the folder cannot be read or written to, or the disk is full.
    """
    with _answered():
        return await asyncio.to_thread(call)


@contextmanager
def _answered() -> Iterator[None]:
    try:
        yield
    except errors.NoPicture as error:
        raise UnsupportedMedia(error.message) from None
    except errors.DownloadsError as error:
        raise Unavailable(error.message) from None
    except FileNotFoundError as error:
        raise NotFound(f"the file is gone: {error.filename!r}") from None
