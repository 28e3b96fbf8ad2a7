"""The `stats` message as text: the same bytes as `messages.encode(Stats(…))`, at a tenth of its cost (it goes to everybody)."""

from __future__ import annotations

from collections.abc import Iterable

# pane, sent, dropped, bytes, source_fps, encode_ms, held_ms, acked_ms: as in messages.PaneStats
Row = tuple[int, int, int, int, float | None, float | None, float | None, float | None]


def encode(panes: Iterable[Row]) -> str:
    """One row for each pane."""
    return '{"type":"stats","panes":[' + ",".join([_pane(row) for row in panes]) + "]}"


def _pane(row: Row) -> str:
    pane, sent, dropped, size, source, encode, held, acked = row
    return (
        f'{{"pane":{pane},"sent":{sent},"dropped":{dropped},"bytes":{size},"source_fps":{_number(source)},'
        f'"encode_ms":{_number(encode)},"held_ms":{_number(held)},"acked_ms":{_number(acked)}}}'
    )


def _number(value: float | None) -> str:
    return "null" if value is None else f"{value:.1f}"
