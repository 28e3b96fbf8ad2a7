"""What on a page is not for this reader now: similar jobs beside a posting, positions that are filled, wares with a price."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from livepane.scrapers.job_postings.classify.titles import names_a_role
from livepane.scrapers.job_postings.document import Document
from livepane.scrapers.job_postings.rows import text_of

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

_JOBS = (
    r"(?:jobs?|openings?|positions?|roles?|vacanc(?:y|ies)|opportunit(?:y|ies)|postings?|careers|stellen\w*|jobangebote|ausschreibungen|"
    r"offres?|postes?|emplois?|ofertas?|empleos?|vacantes?|puestos?|vagas?|posizioni|offerte|annunci|vacatures?|functies|banen|jobb|"
    r"tjänster|stillinger?|ofert\w*|pozic\w*|nabíd\w*|вакансии|求人)"
)
_MORE = (
    r"(?:similar|related|other|more|further|recommended|suggested|additional|ähnliche|weitere|andere|passende|verwandte|similaires?|"
    r"autres?|otr[oa]s|similares|más|relacionad[oa]s|altr[ei]|simili|correlat[ei]|vergelijkbare|meer|gerelateerde|liknande|fler|andra|"
    r"relaterade|lignende|flere|andre|relaterte|relaterede|podobne|inne|podobné|další|semelhantes|outr[oa]s|mais|похожие|другие)"
)
RELATED = re.compile(
    rf"^\W*(?:(?:see|view|our|nos|unsere|ver|voir|d['’])\s*)?{_MORE}\b(?: [\w'’-]+){{0,4}}? {_JOBS}\b|"
    rf"^\W*{_JOBS}(?: [\w'’-]+){{0,2}} (?:similaires?|similares|semelhantes|simili|relacionad[oa]s)\b|"
    r"^\W*(?:jobs |roles )?(?:you (?:may|might)|people also|others? also|das könnte (?:dich|sie|ihnen|dir)|vous (?:aimerez|pourriez)|"
    r"te puede|ti potrebbe|misschien ook|du kanske|kanskje)\b|^\W*(?:類似|関連).{0,6}求人",
    re.IGNORECASE,
)
RELATED_CLASS = re.compile(
    r"(?:related|similar|recommended|other|more)[-_]?(?:jobs?|openings?|positions?|roles?|vacanc\w+|postings?|stellen)",
    re.IGNORECASE,
)
PAST = re.compile(
    rf"^\W*(?:past|previous|former|closed|filled|expired|archived?|recently filled|vergangene|besetzte|frühere|pourvus|anciennes|"
    rf"anteriores|passate|eerdere|vervulde|tidigare|tidligere|zakończone|obsazené)\b(?: [\w'’-]+){{0,2}} {_JOBS}\b|^\W*(?:postes|offres) pourvu",
    re.IGNORECASE,
)
_OVER = (
    r"(?:(?:position |job |role |vacancy |already |now )?(?:filled|closed|expired)|no longer (?:available|open)|(?:bereits |schon )?(?:besetzt|vergeben)|"
    r"pourvue?|cubierta|cerrada|vervuld|gesloten|chiusa|tillsatt|besatt|besat|obsazen[oaé]|encerrada|preenchida)"
)
OVER = re.compile(rf"^\W*{_OVER}\W*$", re.IGNORECASE)
OVER_BEHIND = re.compile(rf"(?:[(\[]\s*{_OVER}\s*[)\]]|\s[–—:|-]+\s+{_OVER})\W*$", re.IGNORECASE)
OVER_CLASS = re.compile(
    r"(?:^|\s)(?:job_position_filled|(?:job|position|status|is)[-_](?:filled|closed|expired))(?:\s|$)", re.IGNORECASE
)
WARE = re.compile(r"(?:^|[\s_-])(?:products?|woocommerce|cart|price|prices|sku|add-to-basket)(?:$|[\s_-])", re.IGNORECASE)
CART = re.compile(
    r"add to (?:cart|basket|bag)|in den (?:warenkorb|einkaufswagen)|ajouter au panier|añadir (?:al carrito|a la cesta)|"
    r"aggiungi al carrello|in winkel(?:wagen|mand)|lägg i (?:varukorg|kundvagn)|do koszyka|do košíku|buy now|adicionar ao carrinho",
    re.IGNORECASE,
)
PRICE = re.compile(r"^(?:from |ab |à partir de )?(?:[$€£¥]\s?\d{1,4}(?:[.,]\d\d)?|\d{1,4}[.,]\d\d\s?[$€£])$", re.IGNORECASE)


def beside(document: Document) -> tuple[set[int], set[int]]:
    """The links under a heading of similar jobs, and those under one of positions that are filled, by their `mem_id`."""
    related: set[int] = set()
    past: set[int] = set()
    under: set[int] | None = None
    level = ""
    for node in document.all("h1, h2, h3, h4, h5, h6, a[href]"):
        if node.tag == "a":
            if under is not None:
                under.add(node.mem_id)
            continue
        text = text_of(node)
        if len(text) < 80 and RELATED.match(text):
            under, level = related, str(node.tag)
        elif len(text) < 80 and PAST.match(text):
            under, level = past, str(node.tag)
        elif under is not None and str(node.tag) <= level and not names_a_role(text):
            under = None
    return related, past


def is_related(node: LexborNode) -> bool:
    """Whether it stands in a box that is called "related jobs"."""
    current: LexborNode | None = node
    for _ in range(8):
        if current is None or current.tag in {"body", "main"}:
            return False
        if RELATED_CLASS.search(f"{current.attributes.get('class') or ''} {current.attributes.get('id') or ''}"):
            return True
        current = current.parent
    return False


def is_over(card: LexborNode, title: str, pieces: list[str]) -> bool:
    """Whether a card says that its position is filled."""
    if OVER_CLASS.search(card.attributes.get("class") or "") or OVER_BEHIND.search(title):
        return True
    return any(len(piece) < 40 and OVER.match(piece) for piece in pieces)


def is_ware(card: LexborNode, pieces: list[str]) -> bool:
    """Whether a card is of something that is for sale."""
    current: LexborNode | None = card
    for _ in range(4):
        if current is None or current.tag == "body":
            break
        attributes = current.attributes
        if WARE.search(attributes.get("class") or "") or re.search(
            r"schema\.org/(?:Product|Offer)", attributes.get("itemtype") or ""
        ):
            return True
        current = current.parent
    if card.css_first("[class*=price], [class*=add-to-cart], [class*=addtocart], [itemprop=price]") is not None:
        return True
    return any(PRICE.match(piece) for piece in pieces) or bool(CART.search(text_of(card)[:2000]))
