"""What is said of a wrong value: the value where that helps, and never a secret."""

from __future__ import annotations

from typing import Annotated, Any

import pytest
from pydantic import AfterValidator, BaseModel, Field, ValidationError

from livepane.wire.wrong import explain, figure

SECRET = "0123456789abcdef" * 3
TOKEN = f"lp_k3f9a1b2c3d4_{'s' * 43}"


def short(text: str) -> str:
    """A rule of our own."""
    if len(text) > 5:
        raise ValueError("five letters are enough")
    return text


class Wish(BaseModel):
    """What somebody may ask for."""

    token: Annotated[str, Field(max_length=10)] = ""
    code: Annotated[str, Field(max_length=10)] = ""
    name: Annotated[str, AfterValidator(short)]
    roles: list[int] = []


def said(wish: Any) -> str:
    with pytest.raises(ValidationError) as refused:
        Wish.model_validate(wish)
    return explain(refused.value)


@pytest.mark.parametrize(
    ("wish", "named"),
    [
        ({"tokenn": SECRET}, "name"),  # a field is missing: what is there instead is everything
        ({"token": [SECRET], "name": ""}, "token"),
        ({"token": SECRET, "name": ""}, "token"),
        ({"code": SECRET, "name": ""}, "code"),
        ({"name": {"token": SECRET}}, "name"),
        ({"name": "", "roles": [TOKEN]}, "roles.0"),
        (SECRET, "message"),
        ([SECRET], "message"),
    ],
)
def test_a_secret_in_the_wrong_place_is_not_said_again(wish: Any, named: str) -> None:
    told = said(wish)
    assert told.startswith(f"{named}")
    assert SECRET not in told
    assert TOKEN not in told


def test_what_is_no_secret_is_named_with_our_own_words() -> None:
    assert said({"name": "much too long"}) == "name = 'much too long': five letters are enough"
    assert said({}) == "name: it is missing"
    assert said({"name": "", "roles": [1.5]}).startswith("roles.0 = 1.5: ")


@pytest.mark.parametrize(
    ("bound", "written"), [(315_360_000, "315,360,000"), (60.0, "60"), (8192, "8192"), (0.1, "0.1"), (1, "1")]
)
def test_a_bound_is_a_plain_number(bound: float, written: str) -> None:
    assert figure(bound) == written
