"""What a value of a request may be, in words: the bound that it broke, and the range that it has to keep to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fastapi.routing import APIRoute
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from livepane.wire import wrong

_OVER = {"less_than_equal": "over", "less_than": "not below"}
_UNDER = {"greater_than_equal": "under", "greater_than": "not above"}


def said(route: object, detail: Any) -> str:
    """One sentence for one error of a request: the place, the value, what is wrong and the range."""
    where: Sequence[Any] = detail["loc"]
    broken_json = detail["type"] == "json_invalid"  # its place is the number of a character
    steps = [] if broken_json else [step for step in where if step not in ("body", "query", "path")]
    field = _field(route, where)
    low, high = _bounds(field) if field is not None else (None, None)
    range_ = f"it must be from {wrong.figure(low)} to {wrong.figure(high)}" if low is not None and high is not None else ""
    bound = next(iter((detail.get("ctx") or {}).values()), None)
    broken = _OVER.get(detail["type"]) or _UNDER.get(detail["type"])
    if broken and isinstance(bound, int | float):
        return f"{wrong.named(detail, steps)} is {broken} {wrong.figure(bound)}" + (f": {range_}" if range_ else "")
    return wrong.sentence(detail, steps, "the body") + (f"; {range_}" if range_ else "")


def _field(route: object, where: Sequence[Any]) -> FieldInfo | None:
    if not isinstance(route, APIRoute) or len(where) != 2:
        return None
    if where[0] == "body":
        model = route.body_field.field_info.annotation if route.body_field else None
        return model.model_fields.get(where[1]) if isinstance(model, type) and issubclass(model, BaseModel) else None
    parts = {"query": route.dependant.query_params, "path": route.dependant.path_params}.get(where[0], [])
    return next((part.field_info for part in parts if part.alias == where[1]), None)


def _bounds(field: FieldInfo) -> tuple[float | None, float | None]:
    low = next((one.ge for one in field.metadata if hasattr(one, "ge")), None)
    high = next((one.le for one in field.metadata if hasattr(one, "le")), None)
    return low, high
