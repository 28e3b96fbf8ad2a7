"""Actions and streams on their way in and out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livepane.domain.errors import BadRequest
from livepane.domain.stream import Action, Box, Spot
from livepane.transports.view import action_model, action_of, spot_model
from livepane.wire.messages import ActionModel, BoxModel


def test_an_action_goes_through_unchanged() -> None:
    model = ActionModel(
        label="Filling username", at=1_700_000_000_123.5, selector="#user", box=BoxModel(x=1, y=2, width=3, height=4)
    )
    assert action_model(action_of(model)) == model


def test_a_guest_reads_no_queries_in_what_a_stream_does() -> None:
    box, label, selector = Box(1, 2, 3, 4), "Opens http://a.test/x?id=SECRETQ", "a[href='http://a.test/x?id=SECRETQ']"
    for said in (action_model(Action(label, 1, selector), guest=True), spot_model(Spot(label, selector, box, 9, 9), guest=True)):
        assert (said.label, said.selector) == ("Opens http://a.test/x", "a[href='http://a.test/x']")
    assert action_model(Action(label, 1, selector)).label == label


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_time_that_no_clock_shows_is_refused_or_harmless(at: float) -> None:
    model = ActionModel(label="x", at=at)
    try:
        action = action_of(model)
    except BadRequest as error:
        assert "at" in error.message  # noqa: PT017
    else:
        action_model(action).model_dump_json()


@pytest.mark.parametrize("at", [1e300, 1.7e308, -1e20])
def test_it_is_named(at: float) -> None:
    with pytest.raises(BadRequest, match="milliseconds since"):
        action_of(ActionModel(label="x", at=at))
