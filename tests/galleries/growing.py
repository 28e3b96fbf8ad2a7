"""Lists that go on: by scrolling, by a button, by another page."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from tests.boards.nouns import Reply, Request
from tests.galleries.easel import Easel, Item, best, items
from tests.galleries.nouns import Shape

GROW = """
let at = 0, busy = false;
async function more() {
  if (busy) return;
  busy = true;
  const page = await (await fetch(`/api?from=${at}`)).json();
  for (const one of page) {
    const cell = document.createElement('div');
    cell.className = 'cell'; cell.style.minHeight = '300px';
    const link = document.createElement('a'); link.href = one.full;
    const image = document.createElement('img'); image.src = one.thumb; image.width = 280; image.alt = one.title;
    link.append(image); cell.append(link); document.querySelector('#list').append(cell);
  }
  at += page.length; busy = false;
  if (page.length && document.querySelector('#end')) { watch.unobserve(end); watch.observe(end); } // it may still be in view
  return page.length;
}
"""
WATCH = "const end = document.querySelector('#end'), watch = new IntersectionObserver(entries => { if (entries[0].isIntersecting) more(); }, {root: document.querySelector('#box'), rootMargin: '200px'}); watch.observe(end);"
STYLE = "<style>#list{display:grid;grid-template-columns:repeat(3,300px)}#end{height:1px}</style>"


def shapes(easel: Easel) -> Iterator[Shape]:
    """Infinite scroll, endless scroll, a box that scrolls, buttons, next links, numbers."""
    yield _scrolled(easel)
    yield _boxed(easel)
    yield _endless(easel)
    yield _button(easel)
    yield _next(easel)
    yield _numbers(easel)
    yield _japanese(easel)


def _hang(easel: Easel, root: str, all_of: Sequence[Item]) -> list[dict[str, str]]:
    for one in all_of:
        easel.hang(f"{root}/t/{one.number}.jpg", one.name, *one.at(280))
        easel.hang(f"{root}/full/{one.number}.jpg", one.name, *one.size)
    return [
        {"thumb": f"/t/{one.number}.jpg", "full": f"/full/{one.number}.jpg", "title": f"Frame {one.number}"} for one in all_of
    ]


def _api(easel: Easel, root: str, rows: Sequence[dict[str, str]], step: int) -> None:
    def answer(request: Request) -> Reply:
        start = int(request.query.get("from", "0"))
        return Reply(json.dumps(rows[start : start + step]), content_type="application/json")

    easel.web.on(f"{root}/api", answer)


def _scrolled(easel: Easel) -> Shape:
    root, all_of = "https://scrolled.example", items("scrolled", 24)
    _api(easel, root, _hang(easel, root, all_of), 6)
    easel.page(
        f"{root}/", f'<main>{STYLE}<div id="list"></div><div id="end"></div></main><script>{GROW}{WATCH}</script>', "Scrolled"
    )
    return Shape("infinite scroll", "more with every scroll, until there is no more", f"{root}/", best(all_of))


def _boxed(easel: Easel) -> Shape:
    root, all_of = "https://boxed.example", items("boxed", 18)
    _api(easel, root, _hang(easel, root, all_of), 6)
    style = "<style>body{margin:0;height:100vh;overflow:hidden}#box{height:90vh;overflow-y:auto}#list{display:grid;grid-template-columns:repeat(3,300px)}#end{height:1px}</style>"
    main = f'{style}<div id="box"><div id="list"></div><div id="end"></div></div><script>{GROW}{WATCH}</script>'
    easel.page(f"{root}/", main, "Boxed", furniture=False)
    return Shape("scroll box", "infinite scroll inside an element of its own", f"{root}/", best(all_of))


def _endless(easel: Easel) -> Shape:
    root, all_of = "https://endless.example", items("endless", 400)
    rows = _hang(easel, root, all_of)

    def answer(request: Request) -> Reply:
        start = int(request.query.get("from", "0"))
        return Reply(json.dumps([rows[n % len(rows)] for n in range(start, start + 9)]), content_type="application/json")

    easel.web.on(f"{root}/api", answer)
    easel.page(
        f"{root}/", f'<main>{STYLE}<div id="list"></div><div id="end"></div></main><script>{GROW}{WATCH}</script>', "Endless"
    )
    return Shape(
        "endless scroll",
        "a page without an end: stops at the limit, and says so",
        f"{root}/",
        best(all_of),
        {"limit": 20},
        "limit of 20 items",
        20,
    )


def _button(easel: Easel) -> Shape:
    root, all_of = "https://button.example", items("button", 20)
    _api(easel, root, _hang(easel, root, all_of), 8)
    press = "const b = document.querySelector('#mehr'); async function go() { if (await more() < 8) b.remove(); } b.addEventListener('click', go); go();"
    main = (
        f'<main>{STYLE}<div id="list"></div><button id="mehr">Weitere Bilder laden</button></main><script>{GROW}{press}</script>'
    )
    easel.page(f"{root}/", main, "Bilder", language="de")
    return Shape("load more", "a button that brings more, in German", f"{root}/", best(all_of))


def _listed(rows: Sequence[dict[str, str]]) -> str:
    return "".join(
        f'<li><a href="{row["full"]}"><img src="{row["thumb"]}" width="280" alt="{row["title"]}"></a></li>' for row in rows
    )


def _next(easel: Easel) -> Shape:
    root, all_of = "https://older.example", items("older", 15)
    rows = _hang(easel, root, all_of)
    for page in range(3):
        link = f'<div class="nav-links"><a class="older" href="/page/{page + 2}/">Older posts</a></div>' if page < 2 else ""
        back = f'<div class="nav-links"><a href="/page/{page}/">Newer posts</a></div>' if page else ""
        easel.page(
            f"{root}/page/{page + 1}/" if page else f"{root}/",
            f"<main><ul>{_listed(rows[page * 5 : page * 5 + 5])}</ul>{link}{back}</main>",
            "Posts",
        )
    return Shape("next link", "older posts, page after page", f"{root}/", best(all_of))


def _numbers(easel: Easel) -> Shape:
    root, all_of = "https://numbers.example", items("numbers", 12)
    rows = _hang(easel, root, all_of)

    def answer(request: Request) -> Reply:
        page = int(request.query.get("page", "1"))
        links = "".join(f'<a href="?sort=new&amp;page={n}" class="{"active" if n == page else ""}">{n}</a>' for n in (1, 2, 3))
        main = f'<main><ul>{_listed(rows[page * 4 - 4 : page * 4])}</ul><div class="pagination">{links}</div></main>'
        return Reply(easel.document(f"{root}/album", main, "Album"))

    easel.web.on(f"{root}/album", answer)
    return Shape("numbered pages", "pages by query, with numbers only", f"{root}/album", best(all_of))


def _japanese(easel: Easel) -> Shape:
    root, all_of = "https://mixed.example", items("mixed", 8)
    rows = _hang(easel, root, all_of)
    for page, (language, words) in enumerate((("ja", "次へ"), ("ar", "التالي"), ("ru", "Следующая"), ("zh", ""))):
        link = f'<nav class="pager"><a href="/ギャラリー/{page + 2}">{words}</a></nav>' if words else ""
        url = f"{root}/ギャラリー/{page + 1}"
        easel.page(
            url,
            f"<main><h1>写真 Фото صور</h1><ul>{_listed(rows[page * 2 : page * 2 + 2])}</ul>{link}</main>",
            "写真",
            language=language,
        )
    return Shape(
        "languages", "Japanese, Arabic, Russian and Chinese pages that follow each other", f"{root}/ギャラリー/1", best(all_of)
    )
