"""What became of one wanted item, as a job yields it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict

from livepane.downloads.record import MediaKind, Outcome, Record, Wanted
from livepane.scrapers.contract import Item


def result(
    wanted: Wanted, outcome: Outcome, record: Record | None, collection: str, error: Mapping[str, str] | None = None
) -> Item:
    """What became of it, as it is yielded. `record`: what its collection has of it; `error`: why it failed."""
    best = record.best if record is not None else None
    missed = record.better_failed if record is not None else None
    return {
        "key": wanted.key,
        "name": record.name if record is not None and best is not None else wanted.name,
        "title": wanted.title,
        "outcome": str(outcome),
        "kind": str(MediaKind.of(best.media_type)) if best is not None else None,
        "media_type": best.media_type if best is not None else None,
        "bytes": best.bytes if best is not None else None,
        "width": best.width if best is not None else None,
        "height": best.height if best is not None else None,
        "sha256": best.sha256 if best is not None else None,
        "url": best.url if best is not None else wanted.candidates[0].url if wanted.candidates else None,
        "source_page": wanted.source_page,
        "rule": best.rule if best is not None else wanted.candidates[0].rule if wanted.candidates else None,
        "collection": collection,
        "similarity": best.similarity if best is not None and outcome is Outcome.UPGRADED else None,
        "error": dict(error) if error is not None else None,
        "better_failed": asdict(missed) if missed is not None and error is None else None,
    }
