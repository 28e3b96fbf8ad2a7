"""Settings of users: a part at a time, never out of bounds, and never lost to what an older version kept."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livepane.domain.errors import BadRequest
from livepane.wire.user_settings import LiveScreenshots, UserSettings

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


def test_a_wish_changes_what_it_names_and_nothing_else() -> None:
    changed = UserSettings().changed({"live_screenshots": {"quality": 80}, "jobs": {"pages": 4}})
    assert changed.live_screenshots == LiveScreenshots(quality=80)
    assert (changed.jobs.pages, changed.jobs.concurrency) == (4, 32)
    assert changed.changed({}) == changed


@pytest.mark.parametrize(
    ("wish", "named"),
    [
        ({"live_screenshots": {"quality": 101}}, ["live_screenshots.quality", "101", "10", "100"]),
        ({"live_screenshots": {"quality": "60"}}, ["live_screenshots.quality", "'60'"]),
        ({"live_screenshots": {"enabled": 1}}, ["live_screenshots.enabled = 1:"]),
        ({"live_screenshots": {"frame_rate": float("nan")}}, ["frame_rate", "nan"]),
        ({"live_screenshots": {"qualty": 60}}, ["qualty", "quality", "frame_rate"]),
        ({"jobs": {"concurrency": 0}}, ["jobs.concurrency", "1", "256"]),
        ({"downloads": {"max_items": 0}}, ["downloads.max_items", "0", "1", "1,000,000"]),
        ({"downloads": {"upgrade": 1}}, ["downloads.upgrade = 1:"]),
        ({"jobs": {"pages": True}}, ["jobs.pages", "True"]),
        ({"politeness": {"respect_robots": False}}, ["respect_robots", "False"]),
        ({"poltieness": {}}, ["poltieness", "politeness"]),
        ({"jobs": 5}, ["jobs", "5", "object"]),
    ],
)
def test_a_wrong_value_is_named_with_what_it_may_be(wish: dict[str, Any], named: list[str]) -> None:
    with pytest.raises(BadRequest) as refused:
        UserSettings().changed(wish)
    assert [word for word in named if word not in refused.value.message] == []


@given(st.dictionaries(st.sampled_from(["live_screenshots", "jobs", "politeness", "downloads", "x"]), JSON, max_size=4))
def test_whatever_is_wished_is_taken_whole_or_refused(wish: dict[str, Any]) -> None:
    with suppress(BadRequest):
        changed = UserSettings().changed(wish)
        assert UserSettings.read(changed.model_dump()) == changed


@given(JSON)
def test_what_was_kept_is_read_whatever_it_is(kept: Any) -> None:
    assert UserSettings.read({"jobs": kept, "live_screenshots": {"quality": 70}}).live_screenshots.quality == 70
