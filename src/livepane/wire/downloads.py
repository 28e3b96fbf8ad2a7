"""Kept files as the API tells of them. Moments are milliseconds since the Unix epoch."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from livepane.downloads.record import MediaKind, Outcome, Record, Version
from livepane.wire.messages import Message

Similarity = Annotated[float | None, Field(description="0 to 1, 1: the same picture; null: nobody can say")]


class MissedModel(Message):
    """A better file of an item that the last run could not have."""

    url: str
    code: Annotated[str, Field(description="as of an item that failed: not_found, blocked, timeout and the like")]
    message: str


class VersionModel(Message):
    """One file of an item."""

    number: Annotated[int, Field(description="1 is the first that came")]
    name: str
    bytes: int
    width: Annotated[int | None, Field(description="px")]
    height: int | None
    media_type: Annotated[str, Field(description="by content")]
    sha256: str
    url: str
    rule: Annotated[str, Field(description="what found it: srcset, linked original and the like")]
    at: int
    job: int | None
    similarity: Annotated[Similarity, Field(description="to the version before")]

    @classmethod
    def of(cls, number: int, version: Version) -> VersionModel:
        """A line of the manifest."""
        return cls(
            number=number,
            name=version.file.rpartition("/")[2],
            bytes=version.bytes,
            width=version.width,
            height=version.height,
            media_type=version.media_type,
            sha256=version.sha256,
            url=version.url,
            rule=version.rule,
            at=version.at,
            job=version.job,
            similarity=version.similarity,
        )


class DownloadModel(Message):
    """One item of a collection. Where no file ever came, everything about it is null, and `error` says why."""

    id: Annotated[str, Field(description="collection and hash, as in the addresses")]
    collection: str
    name: Annotated[str, Field(description="of its file")]
    title: str | None
    kind: MediaKind
    outcome: Annotated[Outcome, Field(description="what came of it last; a duplicate shares the file of another item")]
    media_type: str | None
    bytes: int | None
    width: int | None
    height: int | None
    sha256: str | None
    url: str | None
    source_page: str
    rule: str | None
    job: int | None
    at: Annotated[int, Field(description="when it changed last")]
    error: Annotated[str | None, Field(description="why the last try failed: `code: sentence`")]
    better_failed: Annotated[MissedModel | None, Field(description="a better one that could not be had; null: it is the best")]
    versions: Annotated[list[VersionModel], Field(description="the oldest first, the best last")]

    @classmethod
    def of(cls, collection: str, hash_: str, record: Record, outcome: Outcome, at: int, job: int | None) -> DownloadModel:
        """An item with all its versions."""
        best, missed = record.best, record.better_failed
        return cls(
            id=f"{collection}/{hash_}",
            collection=collection,
            name=record.name,
            title=record.title,
            kind=MediaKind.of(best.media_type) if best else MediaKind.OTHER,
            outcome=outcome,
            media_type=best.media_type if best else None,
            bytes=best.bytes if best else None,
            width=best.width if best else None,
            height=best.height if best else None,
            sha256=best.sha256 if best else None,
            url=best.url if best else None,
            source_page=record.source_page,
            rule=best.rule if best else None,
            job=best.job if best else job,
            at=at,
            error=record.error,
            better_failed=MissedModel(url=missed.url, code=missed.code, message=missed.message) if missed else None,
            versions=[VersionModel.of(number, one) for number, one in enumerate(record.versions, 1)],
        )


class CollectionModel(Message):
    """A folder of kept files, in numbers."""

    name: str
    items: Annotated[int, Field(description="that came")]
    bytes: Annotated[int, Field(description="of all their versions")]
    failed: Annotated[int, Field(description="items whose last try failed")]


class DownloadList(Message):
    """Kept files, the newest first."""

    items: list[DownloadModel]
    collections: Annotated[list[CollectionModel], Field(description="all of them, by name")]
    counts: Annotated[dict[MediaKind, int], Field(description="of all that fit but for their kind")]
    next: Annotated[str | None, Field(description="`before` of the next page; null: that was all")]
