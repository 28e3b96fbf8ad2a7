"""docs/reference/http.md: every route and socket, who may call it and what it takes, from the application itself."""

from __future__ import annotations

import inspect
import json
from pathlib import Path
from typing import Any

from starlette.routing import BaseRoute

from livepane.api.access import Access, AccessTable
from livepane.api.app import api
from livepane.auth.keyring import Keyring
from livepane.settings import Settings
from scripts.gen.schema import Schema, table, words

INTRO = """# HTTP and WebSockets

Everything that the server answers to. **Role** is what a caller needs. On loopback a request without a token has the roles
viewer, producer and scraper, unless `LIVEPANE_AUTH=required`. A token is shown as `Authorization: Bearer …`; a browser signs
in with one and shows a cookie from then on. [How access works](../explanation/security.md) has the whole story.

A refusal is `application/problem+json`; its `detail` names the value and the mend.
"""
SOCKETS = """## WebSockets

The messages of `/api/live` and of our own producers are in [protocols.md](protocols.md) and [messages.md](messages.md).
"""


def page() -> str:
    """The whole page."""
    app = api(Settings(data_dir=Path("unused")), Keyring("unused"), with_demo=False)
    rows = AccessTable(app.routes).rows
    described = app.openapi()
    paths: dict[str, Any] = described["paths"]
    overview = [_overview(route, access) for route, access in rows if getattr(route, "methods", None)]
    sockets = [
        (f"`{_path(route)}`", _role(access), _said(route)) for route, access in rows if not getattr(route, "methods", None)
    ]
    parts = [
        INTRO,
        "## All routes\n",
        table(overview, "route", "role", "what"),
        "",
        SOCKETS,
        table(sockets, "socket", "role", "what"),
        "",
    ]
    parts.append("## What the routes take\n")
    for path, methods in paths.items():
        parts += [_operation(f"{method.upper()} {path}", operation) for method, operation in methods.items()]
    parts.append("## Bodies\n")
    for name, schema in described.get("components", {}).get("schemas", {}).items():
        if name not in ("HTTPValidationError", "ValidationError"):
            parts.append(_body(name, schema))
    return "\n".join(parts)


def _path(route: BaseRoute) -> str:
    return str(getattr(route, "path", ""))


def _said(route: BaseRoute) -> str:
    """The first paragraph of the endpoint's docstring."""
    text = inspect.getdoc(getattr(route, "endpoint", None)) or ""
    return text.partition("\n\n")[0]


def _role(access: Access) -> str:
    if access.role is None:
        return "any token" if access.credential else "anybody"
    return str(access.role)


def _overview(route: BaseRoute, access: Access) -> tuple[str, str, str]:
    methods = sorted(method for method in getattr(route, "methods", ()))
    return f"`{' '.join(methods)} {_path(route)}`", _role(access), _said(route)


def _operation(heading: str, operation: Schema) -> str:
    lines = [f"### `{heading}`\n", f"{str(operation.get('description', '')).strip()}\n"]
    parameters = [_parameter(one) for one in operation.get("parameters", [])]
    if parameters:
        lines.append(table(parameters, "parameter", "in", "value", "default", "meaning") + "\n")
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    if body is not None:
        lines.append(f"Body: {words(body, linked=True)}\n")
        lines += [_fields(body) + "\n"] if "properties" in body else []
    for status, answer in operation.get("responses", {}).items():
        if status.startswith("2"):
            lines.append(f"Answers {status}{_content(answer)}\n")
    return "\n".join(lines)


def _parameter(one: Schema) -> tuple[str, str, str, str, str]:
    schema = one["schema"]
    default = f"`{json.dumps(schema['default'])}`" if schema.get("default") is not None else ""
    needed = "" if one.get("required") else default
    meaning = str(one.get("description") or schema.get("description") or "")
    return f"`{one['name']}`", str(one["in"]), words(schema).removesuffix(" or null"), needed, meaning


def _content(answer: Schema) -> str:
    kinds = []
    for kind, content in answer.get("content", {}).items():
        schema = content.get("schema", {})
        kinds.append(words(schema, linked=True) if kind == "application/json" and schema else f"`{kind}`")
    return f": {' or '.join(kinds)}" if kinds else ""


def _body(name: str, schema: Schema) -> str:
    if "enum" in schema:
        return f"### {name}\n\n{words(schema)}\n"
    said = inspect.cleandoc(str(schema.get("description", "")))
    return f"### {name}\n\n{said}\n\n{_fields(schema)}\n"


def _fields(schema: Schema) -> str:
    rows = []
    for field, value in schema.get("properties", {}).items():
        default = "" if field in schema.get("required", []) else f"`{json.dumps(value.get('default'))}`"
        rows.append((f"`{field}`", words(value, linked=True), default, str(value.get("description", ""))))
    return table(rows, "field", "value", "default", "meaning")
