"""A page that says, where a reader sees it, that there is no open job."""

from __future__ import annotations

import re

from livepane.scrapers.job_postings.text import AnyCase

SAYS_NONE = AnyCase(
    r"(?:there (?:are|is) (?:currently |presently |at the moment |at this time |now )*no(?:t any)? (?:\w+ ){0,3}(?:positions?|openings?|vacanc(?:y|ies)|jobs?|roles?|opportunit(?:y|ies))(?! (?:that )?match)|"
    r"(?:we (?:currently |presently )?(?:have|do not have|don.?t have)|(?:we.?re|we are)(?: \w+)?) (?:currently )?(?:no|any|not having any) (?:\w+ ){0,3}(?:positions?|openings?|vacanc(?:y|ies)|jobs?|roles?)\b(?! that)|"
    r"(?:we (?:are|.re)|(?:is|are)) (?:currently |presently )?not (?:currently |actively |presently )?(?:hiring|recruiting|looking to hire|accepting applications)|"
    r"no (?:current |currently )?(?:open |available |job )*(?:positions?|openings?|vacanc(?:y|ies)|jobs|roles|opportunities)(?: (?:are )?(?:currently |presently )?(?:available|open|listed|posted|advertised|at (?:the moment|this time|present)|right now|currently|yet|today|found))?\s?(?:[.!,:;–-]|$|at |right|currently|check|please|but|for now)|"
    r"no (?:open |current )?(?:positions|openings|vacancies|jobs|roles) (?:are )?(?:currently )?(?:available|open|at)|all (?:of our )?(?:positions|roles) (?:are|have been) (?:currently )?filled|(?:sorry,? )?no job openings|nothing open right now|we.?re fully staffed|currently have no openings|"
    r"(?:zurzeit|derzeit|aktuell|momentan|im moment|leider|gegenwärtig)[\w ,]{0,50}? keine (?:\w+ ){0,2}(?:stellen\w*|jobs|positionen|vakanzen|ausschreibungen|stellenangebote)|keine (?:offenen |aktuellen |freien )?(?:stellen|stellenangebote|positionen|vakanzen|stellenanzeigen|jobs)(?: (?:verfügbar|vorhanden|gefunden|offen|ausgeschrieben|zu besetzen))?|"
    r"aucune? (?:offre|poste|opportunité|annonce)[\w' ’]{0,30}?(?:disponible|pour le moment|actuellement|ouvert|en ce moment|n.est|d.emploi)|(?:pas|plus) d[’'e ]+(?:offres?|postes?)[\w ]{0,20} (?:pour le moment|actuellement|disponible|en ce moment)|nous ne recrutons pas|"
    r"no hay (?:\w+ )?(?:vacantes|ofertas|puestos|posiciones|empleos)|(?:actualmente|en este momento|de momento) no (?:hay|tenemos|existen|disponemos)[\w ]{0,20}(?:vacantes|ofertas|puestos|posiciones)|"
    r"nessuna (?:posizione|offerta|opportunità|vacancy)|non ci sono (?:\w+ ){0,2}(?:posizioni|offerte|opportunità)|al momento non (?:ci sono|abbiamo|stiamo)|"
    r"(?:momenteel|op dit moment|er zijn|we hebben)[\w ]{0,30}geen (?:\w+ )?(?:vacatures|functies|openstaande)|geen (?:openstaande )?vacatures|"
    r"(?:não há|nenhuma|sem|não temos)[\w ]{0,25}(?:vagas?|oportunidades?|posições)|"
    r"(?:obecnie |aktualnie )?(?:nie ma(?:my)?|brak)[\w ]{0,25}(?:ofert|wakat\w+|stanowisk|rekrutacji)|nie prowadzimy[\w ]{0,20}rekrutacji|"
    r"(?:nenašli jsme|momentálně|aktuálně|v současné době|v tuto chvíli)[\w ,]{0,40}(?:žádn\w+|nemáme|nehledáme)[\w ]{0,25}(?:nabíd\w+|pozic\w*|míst\w*)?|žádné (?:volné )?(?:pozice|nabídky|pracovní)|nejsou (?:žádné|vypsány)[\w ]{0,20}|nemáme (?:žádn\w+|volné|otevřené)[\w ]{0,20}(?:pozic\w*|míst\w*)|"
    r"(?:inga|just nu inga|vi har inga)[\w ]{0,20}(?:lediga|öppna)[\w ]{0,20}(?:jobb|tjänster)?|(?:ingen|vi har ingen|for øyeblikket ingen|i øjeblikket ingen)[\w ]{0,20}(?:ledige|åpne|åbne)[\w ]{0,20}(?:stillinger|job\w*)?|"
    r"0 (?:open )?(?:jobs|positions|openings|vacancies|roles|stellen|offres|vacatures)(?: found| available)?(?!\w))",
)
# "No jobs match your filter" is about a filter, "no open position for you?" is an invitation.
NOT_NONE = re.compile(
    r"match(?:es|ing)? your|your (?:search|filter|criteria|selection)|\bif there (?:are|is) no\b|don.?t see|for you\?|fits? you|passend\w* (?:stelle|job)|\bif you (?:don.?t|can.?t)|no positions? (?:is|are) too|even if|adjust|reset|filter|nothing (?:that )?fits|keine passende|nichts passendes|qui (?:te|vous) correspond|currently no jobs? that",
    re.IGNORECASE,
)


def evidence(visible: str) -> str:
    """The sentence that says it, "" when none does."""
    for match in list(SAYS_NONE.finditer(visible[:200_000]))[:20]:
        near = visible[max(0, match.start() - 45) : match.end() + 60]
        if not NOT_NONE.search(near):
            return visible[match.start() : match.end()].strip()[:120]
    return ""
