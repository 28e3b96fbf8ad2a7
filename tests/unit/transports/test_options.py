"""What a viewer may ask for, and how it hears that it asked for something else."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livepane.domain.demand import RenditionSpec
from livepane.domain.errors import BadRequest
from livepane.domain.frame import Encoding
from livepane.transports.options import FrameOptions, fps_of_query, image_format, number, spec_of_query, whole

VALUES = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.integers(), max_size=2)
NAMES = st.sampled_from(["fps", "quality", "format", "width", "height", "speed"])


def test_without_parameters_the_contract_s_defaults_hold() -> None:
    options = FrameOptions.of_query({"token": "null", "unknown": "1"})
    assert (options.fps, options.format) == (10, "jpeg")
    assert (options.spec().width, options.spec().height) == (None, None)


def test_the_url_says_it_all() -> None:
    query = {"fps": "15", "quality": "90", "format": "png", "width": "640", "height": "480"}
    options = FrameOptions.of_query(query)
    assert options.fps == 15
    assert options.spec() == RenditionSpec(Encoding.PNG, 90, 640, 480)


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ({"fps": "0"}, ["fps", "'0'", "1", "30"]),
        ({"fps": "31"}, ["fps", "'31'", "1", "30"]),
        ({"fps": "0.5"}, ["fps", "'0.5'", "1", "30"]),
        ({"fps": "nan"}, ["fps", "'nan'", "1", "30"]),
        ({"fps": "inf"}, ["fps", "'inf'", "1", "30"]),
        ({"fps": ""}, ["fps", "''", "1", "30"]),
        ({"fps": "fast"}, ["fps", "'fast'", "1", "30"]),
        ({"quality": "9"}, ["quality", "'9'", "10", "100"]),
        ({"quality": "500"}, ["quality", "'500'", "10", "100"]),
        ({"quality": "80.5"}, ["quality", "'80.5'", "10", "100"]),
        ({"format": "bmp"}, ["format", "'bmp'", "jpeg, png, webp"]),
        ({"format": "JPEG"}, ["format", "'JPEG'", "jpeg, png, webp"]),
        ({"width": "15"}, ["width", "'15'", "16", "8192"]),
        ({"height": "8193"}, ["height", "'8193'", "16", "8192"]),
    ],
)
def test_a_wrong_value_is_named_with_its_range(query: dict[str, str], named: list[str]) -> None:
    with pytest.raises(BadRequest) as refused:
        FrameOptions.of_query(query)
    for word in named:
        assert word in refused.value.message


def test_an_update_changes_what_it_names_and_nothing_else() -> None:
    options = FrameOptions(fps=15, quality=90, format="png", width=100)
    assert options.updated({"fps": 5}) == FrameOptions(fps=5, quality=90, format="png", width=100)
    assert options.updated({"width": None, "format": "jpg"}) == FrameOptions(fps=15, quality=90, format="jpeg")
    assert options.updated({}) == options


@pytest.mark.parametrize("changes", [None, 5, "fps", ["fps"], True])
def test_options_that_are_no_object_are_refused(changes: Any) -> None:
    with pytest.raises(BadRequest, match="object"):
        FrameOptions().updated(changes)


def test_an_unknown_option_is_named() -> None:
    with pytest.raises(BadRequest, match="'speed' is unknown; options are fps, quality, format"):
        FrameOptions().updated({"speed": 3})


@pytest.mark.parametrize(
    "text", ['{"fps": 1' + "0" * 400 + "}", '{"quality": 1' + "0" * 4000 + "}", '{"fps": 1e999}', '{"width": NaN}']
)
def test_numbers_beyond_all_bounds_are_refused_like_any_other(text: str) -> None:
    with pytest.raises(BadRequest) as refused:
        FrameOptions().updated(json.loads(text))
    assert len(refused.value.message) < 300


@given(st.dictionaries(NAMES, VALUES))
def test_whatever_is_asked_there_is_one_error(changes: dict[str, Any]) -> None:
    try:
        options = FrameOptions().updated(changes)
    except BadRequest as error:
        error.message.encode()
    else:
        assert 1 <= options.fps <= 30
        options.spec()


@given(st.dictionaries(NAMES, st.text()))
def test_whatever_the_query_is_there_is_one_error(query: dict[str, str]) -> None:
    for read in (FrameOptions.of_query, spec_of_query, lambda query: fps_of_query(query, 10)):
        try:
            read(query)
        except BadRequest as error:
            error.message.encode()


def test_what_the_query_leaves_out_stays_as_the_source_has_it() -> None:
    assert spec_of_query({}) == RenditionSpec()
    assert spec_of_query({"quality": "50", "width": "320"}, Encoding.WEBP) == RenditionSpec(Encoding.WEBP, 50, 320, None)
    assert fps_of_query({}, 30) == 30
    assert fps_of_query({"fps": "0.1"}, 30) == 0.1
    with pytest.raises(BadRequest, match="60"):
        fps_of_query({"fps": "61"}, 30)


def test_truth_is_not_a_number() -> None:
    with pytest.raises(BadRequest):
        number("fps", True, 0, 30)
    with pytest.raises(BadRequest):
        whole("quality", False, 0, 30)
    with pytest.raises(BadRequest, match="unknown"):
        image_format(["png"])
