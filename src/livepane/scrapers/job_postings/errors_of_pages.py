"""Pages that stand in place of what was asked: challenges, logins, closed postings, "not found" served as if it were fine."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from livepane.scrapers.job_postings.document import Document
from livepane.scrapers.job_postings.text import AnyCase
from livepane.scrapers.job_postings.urls import canonical, path, query
from livepane.scrapers.job_postings.values import dig

CHALLENGES: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "a challenge page of Cloudflare stands before the site",
        re.compile(
            r"/cdn-cgi/challenge-platform/[\w/]*orchestrate|window\._cf_chl_opt|cf-browser-verification|id=\"challenge-form\"|<title>Just a moment\.\.\.</title>|<title>Attention Required! \| Cloudflare</title>|cf-error-details|class=\"cf-wrapper\"|Checking your browser before accessing",
            re.IGNORECASE,
        ),
    ),
    (
        "a captcha of DataDome stands before the site",
        re.compile(r"captcha-delivery\.com|geo\.captcha-delivery|\bvar dd\s*=\s*\{\s*['\"]rt['\"]", re.IGNORECASE),
    ),
    (
        "a challenge of PerimeterX stands before the site",
        re.compile(
            r"id=\"px-captcha\"|window\._pxAppId[\s\S]{0,400}px-captcha|Press (?:&|and|&amp;) Hold to confirm you are",
            re.IGNORECASE,
        ),
    ),
    (
        "a challenge of Imperva stands before the site",
        re.compile(
            r"_Incapsula_Resource[\s\S]{0,600}(?:incident|iframe)|Request unsuccessful\. Incapsula incident ID|Pardon Our Interruption",
            re.IGNORECASE,
        ),
    ),
    (
        "a challenge of Akamai stands before the site",
        re.compile(
            r"<title>Access Denied</title>[\s\S]{0,600}(?:Reference\s*(?:&#32;)?#|errors\.edgesuite\.net)|sec-if-cpt-container|_sec/cp_challenge",
            re.IGNORECASE,
        ),
    ),
    (
        "a challenge of AWS stands before the site",
        re.compile(
            r"awsWafCookieDomainList|window\.gokuProps|token\.awswaf\.com|<title>Human Verification</title>", re.IGNORECASE
        ),
    ),
    ("a challenge of Kasada stands before the site", re.compile(r"ips\.js\?[\s\S]{0,200}KPSDK|window\.KPSDK", re.IGNORECASE)),
    ("a checkpoint of Vercel stands before the site", re.compile(r"<title>Vercel Security Checkpoint</title>", re.IGNORECASE)),
    (
        "a challenge of Sucuri stands before the site",
        re.compile(r"Sucuri WebSite Firewall - Access Denied|sucuri_cloudproxy_js", re.IGNORECASE),
    ),
)
# One of these stands in every page that a pattern above fits: a quick look before the slow ones.
CHALLENGE_WORDS = (
    "cdn-cgi/challenge-platform",
    "_cf_chl_opt",
    "cf-browser-verification",
    "challenge-form",
    "just a moment...",
    "cloudflare</title>",
    "cf-error-details",
    "cf-wrapper",
    "checking your browser",
    "captcha-delivery",
    "var dd",
    "px-captcha",
    "hold to confirm you are",
    "incapsula",
    "pardon our interruption",
    "access denied",
    "sec-if-cpt",
    "cp_challenge",
    "awswaf",
    "gokuprops",
    "human verification",
    "kpsdk",
    "vercel security checkpoint",
    "sucuri",
)
DENIED = re.compile(
    r"^(?:403|access denied|forbidden|403 forbidden|403 - forbidden|error 403|blocked|request (?:blocked|rejected)|are you (?:a )?(?:human|robot)\??|robot check|security check|bot verification|verify you are human|human verification|captcha|ddos-guard|you have been blocked|429 too many requests|too many requests|rate limit(?:ed)?)\b",
    re.IGNORECASE,
)
DENIED_TEXT = re.compile(
    r"verify (?:that )?you are (?:a )?human|unusual traffic from your|you have been blocked|access to this page has been denied|the requested url was rejected|please enable js and disable any ad blocker|automated (?:access|requests)|complete the captcha|bestätigen sie, dass sie (?:ein mensch|kein roboter)",
    re.IGNORECASE,
)
MISSING_TITLE = re.compile(
    r"^(?:(?:error )?404\b.*|.{0,60}\b(?:page |seite |página |site )?not found\b.{0,40}|.{0,40}\b(?:404)\b.{0,40}|seite (?:wurde )?nicht gefunden.*|.{0,30}nicht gefunden.*|page (?:introuvable|non trouvée).*|página no encontrada.*|pagina non trovata.*|pagina niet gevonden.*|página não encontrada.*|strona nie (?:została )?znaleziona.*|stránka nenalezena.*|"
    r"sidan (?:kunde inte hittas|hittades inte|finns inte).*|siden (?:ble ikke funnet|finnes ikke|blev ikke fundet|findes ikke).*|oops.{0,60}|(?:sorry, )?(?:we (?:can.?t|couldn.?t|could not|cannot) find|this page (?:doesn.?t|does not|isn.?t)).*|page (?:doesn.?t|does not) exist.*|nothing (?:was )?found.*|nothing here.*|gone|410.*)$",
    re.IGNORECASE,
)
MISSING_TEXT = re.compile(
    r"the page you(?:.re| are| were)? (?:looking for|requested|trying to)[\w ]{0,30}(?:not|n.t|no longer|moved|removed|could|can)|(?:page|url|site|board|company)[\w ,]{0,30}(?:could not be|couldn.t be|was not|can.t be|cannot be|wasn.t) found|page not found|this page (?:does not|doesn.t|no longer) exist|we (?:can.t|couldn.t|could not|cannot) find (?:that|the|this) page|"
    r"sorry, (?:but )?(?:we couldn.t find anything here|this page|the page)|(?:die|diese) (?:angeforderte |gesuchte |gewünschte )?seite (?:konnte|wurde|existiert)[\w ]{0,20}(?:nicht|leider)|la page (?:que vous|demandée)[\w ]{0,40}(?:n.existe|introuvable|n.a pas)|la página (?:que|solicitada)[\w ]{0,40}(?:no existe|no se)|the job board you were viewing is no longer active|"
    r"inactive career page|this (?:careers? (?:page|site)|job board) (?:is no longer|is not|isn.t|has been) (?:active|available|deactivated|published)",
    re.IGNORECASE,
)
EXPIRED = AnyCase(
    r"this (?:job|position|posting|role|vacancy|opening|requisition|opportunity|listing|job posting|job opening|job ad|advert)(?: \w+)? (?:has (?:already )?(?:expired|been (?:filled|closed|removed|taken down|deactivated))|is (?:no longer|now closed|closed\b(?! to)|expired|(?:currently )?not(?: longer| currently)?(?: available(?! (?:for|in|to|as|through|via)\b)| active| open(?! to)\b| accepting| posted| online)))|"
    r"(?:the )?(?:job|position|posting|role|vacancy|opening|requisition|job posting)(?! board)(?: (?:you(?:.re| are| were)?|that you(?:.re| are)?) (?:looking for|trying to (?:view|apply|access|apply for)|requested|selected|attempting to view|seeking))(?: \w+)? (?:is|has|was|may|no|does|could|can)[\w ]{0,20}(?:no longer|expired|closed|filled|removed|not|longer|been)|"
    r"(?:sorry,? )?(?:but )?(?:this|the) (?:job|position|role|posting|vacancy|opportunity)\b(?! board)[\w ,]{0,30} (?:no longer (?:available|open|exists|active|accepting|online|posted)|has been (?:filled|closed|removed))|no longer accepting applications|applications (?:for this (?:job|role|position|vacancy|posting) )?(?:are|have|is) (?:now )?(?:closed|no longer)|vacancy closed|"
    r"diese (?:stelle|stellenanzeige|stellenausschreibung|position|anzeige|vakanz)[\w ,]{0,30}(?:nicht mehr|bereits besetzt|abgelaufen|ist besetzt|wurde (?:bereits )?besetzt|deaktiviert)|stellen(?:anzeige|angebot)[\w ]{0,20} nicht mehr (?:verfügbar|aktiv|online)|"
    r"cette (?:offre|annonce)[\w' ’]{0,30}(?:n.est plus|a expiré|pourvue|expirée|clôturée|plus disponible)|ce poste[\w' ’]{0,20}(?:n.est plus|pourvu|a été pourvu)|esta (?:oferta|vacante)[\w ]{0,30}(?:ya no|ha (?:expirado|caducado)|cerrada|no está disponible|expirada)|"
    r"quest[oa] (?:offerta|posizione|annuncio)[\w ]{0,30}(?:non è più|scadut|chius)|deze vacature[\w ]{0,30}(?:niet meer|vervuld|verlopen|gesloten|is helaas)|esta vaga[\w ]{0,30}(?:não está mais|encerrada|expirou|foi preenchida)|ta oferta[\w ]{0,30}(?:wygasła|nieaktualna|nie jest już)|oferta (?:pracy )?(?:wygasła|jest nieaktualna)|"
    r"tato (?:pozice|nabídka)[\w ]{0,30}(?:již není|obsazena|už není|není aktuální|byla obsazena)|nabídka již není|(?:denna|den här) (?:tjänst|annons)\w*[\w ]{0,30}(?:inte längre|stängd|utgått|tillsatt)|(?:denne|dette) (?:stilling|job|annonse)\w*[\w ]{0,30}(?:ikke lenger|ikke længere|utløpt|udløbet|besatt|besat|er lukket)|the application deadline has passed|job (?:is )?(?:expired|closed)\b(?=\W*$)",
)
# "Until the position has been filled" speaks of one that is open.
CONDITION = re.compile(
    r"\b(?:if|until|till|once|when(?:ever)?|as soon as|after|unless|before|in case|bis|sobald|wenn|falls|si|dès que|lorsque|quand|jusqu['’]à ce que|une fois que|hasta que|cuando|quando|finché|als|zodra|totdat|když|dokud|jeśli|gdy|om|när|hvis|når)\s+(?:that\s+)?(?:the\s+)?$",
    re.IGNORECASE,
)
LOGIN = re.compile(
    r"^(?:sign ?in|log ?in|login|anmelden|anmeldung|connexion|se connecter|iniciar sesión|accedi|inloggen|single sign[- ]on|authentication required|employee login|logga in|logg inn|log ind|přihlášení|zaloguj|entrar)\b",
    re.IGNORECASE,
)
LOGIN_TEXT = re.compile(
    r"(?:sign|log) ?in to (?:continue|view|see|your account|access)|(?:you (?:must|need to) |please )(?:be )?(?:sign(?:ed)?|log(?:ged)?) ?in|melden sie sich (?:bitte )?an|veuillez vous connecter|inicia sesión para",
    re.IGNORECASE,
)


def from_status(status: int | None) -> str:
    """What an HTTP status says by itself."""
    if status is None or status < 400:
        return ""
    if status in {401, 407}:
        return f"login: the server asks who is there ({status})"
    if status in {403, 429, 451}:
        return f"blocked: the server refuses to answer ({status})"
    if status in {404, 410}:
        return f"not_found: there is nothing at this address ({status})"
    return f"http: the server answered {status}"


def challenge(document: Document) -> str:
    """A page that asks whether a person is there."""
    text = document.text[:200_000]
    low = document.glance.page[:200_000].decode("utf-8", "replace")
    for sentence, pattern in CHALLENGES if any(word in low for word in CHALLENGE_WORDS) else ():
        if pattern.search(text) and (len(document.opening) < 3000 or "<title>Just a moment" in text):
            return f"blocked: {sentence}"
    if len(document.opening) < 2500 and (
        DENIED.match(document.title) or DENIED.match(document.heading) or DENIED_TEXT.search(document.opening)
    ):
        return "blocked: the site refuses to answer programs"
    return ""


def expired(document: Document) -> str:
    """A page of one posting that says that it is closed."""
    text = document.opening
    for match in EXPIRED.finditer(text):
        if CONDITION.search(text[max(0, match.start() - 30) : match.start()]):
            continue
        return f"expired: the page says: {text[match.start() : match.end()].strip()[:100]}"
    return sent_back(document)


def sent_back(document: Document) -> str:
    """A board to which the reader of a posting was sent because the posting is gone."""
    if query(document.url).get("error") in {"true", "job_not_found"} and "greenhouse.io" in document.url:
        return "expired: the board no longer has the posting"
    return ""


def missing(document: Document) -> str:
    """A page that says "not found", whatever its status was."""
    title = re.split(r"\s+[|–—-]\s+", document.title)
    if (
        any(MISSING_TITLE.match(part.strip()) for part in [*title[:2], document.heading] if part)
        and len(document.opening) < 12_000
    ):
        return "not_found: the page says that there is nothing at this address"
    if len(document.opening) < 3000 and MISSING_TEXT.search(document.opening):
        return "not_found: the page says that there is nothing at this address"
    if query(document.url).get("invalid") == "1" and "jobvite.com" in document.url:
        return "not_found: the board is unknown to Jobvite"
    return ""


def login(document: Document) -> str:
    """A page that lets only known people in."""
    secret = document.all("input[type=password]")
    short = len(document.opening) < 2500
    if (
        short
        and secret
        and (
            LOGIN.match(document.title)
            or LOGIN.match(document.heading)
            or LOGIN_TEXT.search(document.opening)
            or re.search(r"log-?in|sign-?in|auth|sso|account", path(document.url), re.IGNORECASE)
            or len(document.opening) < 600
        )
    ):
        return "login: the page asks for a password"
    if (
        short
        and not secret
        and (LOGIN.match(document.title) or LOGIN_TEXT.search(document.opening))
        and re.search(r"log-?in|sign-?in|auth|sso|saml", document.url, re.IGNORECASE)
    ):
        return "login: the page asks who is there"
    return ""


def elsewhere(document: Document) -> str:
    """A vendor's own front page, where a board that it does not know sends its readers."""
    target = next((node.attributes.get("href") or "" for node in document.all("link[rel=canonical]")), "") or document.meta(
        "og:url"
    )
    where = urlsplit(document.link(target) or document.url)
    marketing = re.compile(
        r"^(?:www\.)?(?:breezy\.hr|personio\.(?:com|de)|recruitee\.com|teamtailor\.com|lever\.co|ashbyhq\.com|bamboohr\.com|jazzhr\.com|applytojob\.com|workable\.com|smartrecruiters\.com|greenhouse\.(?:io|com)|pinpointhq\.com|icims\.com|jobvite\.com|rippling\.com)$"
    )
    if marketing.match(where.hostname or "") and where.path in {"", "/"} and canonical(document.url) != "":
        return "not_found: the address leads to the front page of the vendor, the board is unknown"
    return ""


def of_json(value: Any) -> str:
    """An answer of an interface that says that it failed."""
    if not isinstance(value, dict) or any(
        isinstance(item, list) and item for key, item in value.items() if key not in {"errors", "details"}
    ):
        return ""
    status = next(
        (value[key] for key in ("status", "statusCode", "status_code", "code", "httpStatus") if isinstance(value.get(key), int)),
        None,
    )
    status = status if status is not None else dig(value, "error", "code")
    spoken = str(
        value.get("error")
        or value.get("message")
        or value.get("errorCode")
        or dig(value, "errors", 0, "message")
        or value.get("detail")
        or (value.get("title") if status else "")
        or ""
    )
    if value.get("ok") is False or value.get("success") is False or spoken or (isinstance(status, int) and status >= 400):
        low = spoken.lower()
        if (isinstance(status, int) and status in {404, 410}) or re.search(
            r"not.?found|does ?n.t exist|unknown (?:board|company|account)|no such|invalid (?:board|company|account)", low
        ):
            return "not_found: the interface knows no such board"
        if (isinstance(status, int) and status == 401) or re.search(r"unauthori[sz]ed|authentication", low):
            return "login: the interface asks for a key"
        if (isinstance(status, int) and status in {403, 429}) or re.search(
            r"forbidden|too many|rate.?limit|access denied|captcha|blocked", low
        ):
            return "blocked: the interface refuses to answer"
        if isinstance(status, int) and status >= 400:
            return f"http: the interface answered {status}"
        if value.get("ok") is False or value.get("error") or value.get("errors"):
            return "unknown: the interface answered with an error"
    return ""
