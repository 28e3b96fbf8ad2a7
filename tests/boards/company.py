"""A company's own pages: front page, careers page, and what stands around them."""

from __future__ import annotations

from tests.boards.web import Web

_WORDS = {
    "en": ("Careers", "Products", "About us", "Good anvils since 1884. We sell to smiths, blacksmiths and coyotes alike."),
    "de": ("Karriere", "Produkte", "Über uns", "Gute Ambosse seit 1884. Wir liefern an Schmieden in ganz Europa."),
    "fr": ("Nous rejoindre", "Produits", "À propos", "De bonnes enclumes depuis 1884, pour les forges de toute l’Europe."),
    "es": ("Trabaja con nosotros", "Productos", "Nosotros", "Buenos yunques desde 1884, para herreros de todo el mundo."),
    "cs": ("Kariéra", "Produkty", "O nás", "Dobré kovadliny od roku 1884 pro kovárny po celé Evropě."),
    "nl": ("Werken bij", "Producten", "Over ons", "Goede aambeelden sinds 1884, voor smeden in heel Europa."),
}


def html(body: str, *, title: str, head: str = "", lang: str = "en") -> str:
    """A whole page."""
    return (
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{title}</title>{head}</head><body>{body}</body></html>"
    )


def framed(name: str, body: str, *, title: str = "", head: str = "", lang: str = "en", careers: str = "/careers") -> str:
    """A page of a company with its header and footer."""
    work, products, about, _ = _WORDS[lang]
    nav = f'<a href="/">{name}</a><a href="/products">{products}</a><a href="/about">{about}</a><a href="{careers}">{work}</a>'
    return html(
        f'<header><nav class="main-nav">{nav}</nav></header><main>{body}</main><footer><p>© {name}</p>'
        '<a href="/privacy">Privacy</a><a href="https://www.linkedin.com/company/x/jobs">LinkedIn</a></footer>',
        title=title or f"{name} – anvils",
        head=f'<meta property="og:site_name" content="{name}">{head}',
        lang=lang,
    )


def company(
    web: Web, domain: str, name: str, body: str, *, path: str = "/careers", lang: str = "en", head: str = "", title: str = ""
) -> str:
    """Put a company on the web: a front page and a careers page with this body. Gives the careers page's address."""
    work, products, about, words = _WORDS[lang]
    careers = path if path.startswith("http") else f"https://{domain}{path}"
    front = f"<h1>{name}</h1><p>{words}</p>" + f"<section><h2>{products}</h2><p>{words}</p></section>" * 3
    for host in (domain, f"www.{domain}"):
        web.on(f"https://{host}/", framed(name, front, lang=lang, careers=path))
        web.on(f"https://{host}/about", framed(name, f"<h1>{about}</h1><p>{words}</p>", lang=lang, careers=path))
        web.on(f"https://{host}/products", framed(name, f"<h1>{products}</h1><p>{words}</p>", lang=lang, careers=path))
    if not path.startswith("http"):
        page = framed(name, body, title=title or f"{work} | {name}", head=head, lang=lang, careers=path)
        web.on(careers, page)
        web.on(f"https://www.{domain}{path}", page)
    return careers
