"""The stats message that is built by hand."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from livepane.wire import stats
from livepane.wire.messages import PaneStats, Stats, decode_viewer_event

COUNTS = st.integers(0, 2**60)
MEASURED = st.none() | st.floats(0, 1e9)


@given(st.lists(st.tuples(COUNTS, COUNTS, COUNTS, COUNTS, MEASURED, MEASURED, MEASURED, MEASURED), max_size=5))
def test_it_says_what_the_message_says_with_a_tenth_of_a_millisecond(rows: list[stats.Row]) -> None:
    said = decode_viewer_event(stats.encode(rows))
    assert isinstance(said, Stats)
    for row, pane in zip(rows, said.panes, strict=True):
        values = tuple(getattr(pane, name) for name in PaneStats.model_fields)
        assert values == tuple(round(value, 1) if isinstance(value, float) else value for value in row)
