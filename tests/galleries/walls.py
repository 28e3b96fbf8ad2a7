"""Pages that are no gallery: what is there instead has to be said."""

from __future__ import annotations

from collections.abc import Iterator

from tests.boards.nouns import Reply
from tests.galleries.easel import Easel
from tests.galleries.nouns import Shape


def shapes(easel: Easel) -> Iterator[Shape]:
    """Gone, forbidden, a login, words alone."""
    root = "https://walls.example"
    easel.page(f"{root}/words", f"<main><h1>Notes</h1><p>{'Nothing but words. ' * 50}</p></main>", "Notes")
    login = '<main><h1>Sign in</h1><form><input name="user"><input type="password" name="password"><button>Sign in</button></form></main>'
    easel.page(f"{root}/login", login, "Sign in")
    easel.web.redirect(f"{root}/private", f"{root}/login")
    easel.web.on(f"{root}/forbidden", Reply("<h1>Forbidden</h1>", 403))
    for path, error in (("gone", "not_found"), ("forbidden", "blocked"), ("private", "login"), ("words", "unknown")):
        yield Shape(path, f"an answer that is {error}", f"{root}/{path}", {}, error=error)
