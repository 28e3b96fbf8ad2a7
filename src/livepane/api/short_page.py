"""Short pages for people where the dashboard cannot answer: a refusal, a question. No script, nothing from elsewhere."""

from __future__ import annotations

import base64
import hashlib
from html import escape

from starlette.responses import HTMLResponse

# The colours of the dashboard (web/src/styles/tokens.css), which has to answer nothing for this page.
_STYLE = (
    ":root{color-scheme:light dark;--ground:#f3f4f6;--card:#fff;--line:#d9dde4;"
    "--text:#14181f;--muted:#5a6372;--link:#3457d5;--accent:#3457d5}"
    "@media(prefers-color-scheme:dark){:root{--ground:#0c0e11;--card:#14171b;--line:#2a2f37;"
    "--text:#e9ecf1;--muted:#9aa4b2;--link:#9db2ff;--accent:#4769e2}}"
    "body{font:15px/1.55 system-ui,sans-serif;max-width:34rem;margin:14vh auto 0;padding:0 1rem;overflow-wrap:anywhere;"
    "background:var(--ground);color:var(--text)}"
    "main{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:1.5rem 1.75rem}"
    "header{margin:0 0 .9rem .2rem;font-weight:700}h1{font-size:1.25rem;margin:0 0 .6rem}p{margin:0 0 1.2rem;color:var(--muted)}"
    "p:last-child{margin:0}form{display:inline}a{color:var(--link)}"
    "button{font:inherit;font-weight:600;padding:.5em 1.1em;margin-right:1.2em;color:#fff;background:var(--accent);border:0;"
    "border-radius:6px;cursor:pointer}"
)
_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
CSP = f"default-src 'none'; style-src 'sha256-{_HASH}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"


def short_page(title: str, sentence: str, ways: str = "", status: int = 200) -> HTMLResponse:
    """A heading, a sentence, and `ways` on: HTML made by `link` and `button`."""
    html = (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{escape(title)} - Livepane</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{_STYLE}</style></head>\n'
        f"<body><header>Livepane</header>\n<main><h1>{escape(title)}</h1>\n<p>{escape(sentence)}</p>\n"
        f"{f'<p>{ways}</p>' if ways else ''}</main></body></html>\n"
    )
    return HTMLResponse(html, status, headers={"Content-Security-Policy": CSP, "Cache-Control": "no-store"})


def link(address: str, text: str) -> str:
    """A way on."""
    return f'<a href="{escape(address)}">{escape(text)}</a>'


def button(address: str, text: str, **fields: str) -> str:
    """A way on that the user has to press; `fields` go along in the query."""
    hidden = "".join(f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">' for name, value in fields.items())
    return f'<form action="{escape(address)}">{hidden}<button>{escape(text)}</button></form>'
