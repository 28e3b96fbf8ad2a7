"""What can be named to be painted over."""

from __future__ import annotations

from typing import Any

import pytest

from livepane.domain.errors import BadRequest
from livepane.sources.masking.selectors import MOST_SELECTORS, SELECTOR_LENGTH, selectors


def test_one_text_is_one_selector_and_not_its_letters() -> None:
    assert selectors("#card") == ("#card",)
    assert selectors(["#card", " .name ", "#card"]) == ("#card", ".name")
    assert selectors(()) == ()


@pytest.mark.parametrize(
    "wanted",
    ["", ["#card", "  "], ["x" * (SELECTOR_LENGTH + 1)], [f"#n{one}" for one in range(MOST_SELECTORS + 1)], None, 5, [None]],
)
def test_what_is_no_selector_is_refused_with_its_reason(wanted: Any) -> None:
    with pytest.raises(BadRequest, match="selector"):
        selectors(wanted)
