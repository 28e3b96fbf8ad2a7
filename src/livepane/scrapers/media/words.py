"""Words of pages: what is around pictures that are no content, and what leads on to more, in the languages of the web."""

from __future__ import annotations

import re
from collections.abc import Iterable

_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
_WORD = re.compile(r"[^\W\d_]+")


def words_of(text: str) -> list[str]:
    """The words of a class, a name or a sentence, in lower case; `adBox-left` has three."""
    return _WORD.findall(_HUMP.sub(" ", text).lower())


def among(texts: Iterable[str]) -> set[str]:
    """The words of several."""
    return {word for text in texts for word in words_of(text)}


# In classes, ids and labels around a picture.
ADS = among(
    (
        "ad ads adv advert adverts advertisement advertising adsbygoogle adunit adslot adbox adsense dfp gpt affiliate",
        "sponsor sponsors sponsored promo promos promoted promotion banner banners outbrain taboola",
        "anzeige werbung publicidad publicité реклама",
    )
)
FURNITURE = among(
    (
        "logo logos brand avatar avatars gravatar userpic byline author emoji emoticon smiley icon icons sprite badge badges",
        "flag flags spinner spacer pixel tracking tracker beacon captcha qr cookie consent newsletter",
        "share sharing social rating stars payment payments appstore breadcrumb masthead favicon swatch swatches",
    )
)
FAR = among(("logo avatar masthead cookie consent captcha breadcrumb payments",))  # of these also what is further out counts
OTHERS = among(("related recommended recommendations similar popular trending sidebar ähnliche upsell",))
# In names of files and in alternative texts: fewer, for people photograph flags and icons, too.
NAMES = among(("logo avatar gravatar sprite sprites spacer pixel favicon spinner placeholder badge emoji blank",))

# As JavaScript and Python both read them. "More" adds to the page; "next" is another one.
MORE = (
    r"^\W*(?:(?:load|show|view|see|get|fetch|display)\s+(?:\d+\s+)?more(?:\s+\S+){0,3}|more\s+(?:photos|images|pictures|results|items|"
    r"posts|videos|works)|load\s+(?:next|older)(?:\s+\S+){0,2}|(?:weitere|mehr)(?:\s+\S+){0,2}\s+(?:laden|anzeigen|zeigen)|mehr|"
    r"(?:en\s+)?voir\s+plus(?:\s+\S+){0,2}|(?:charger|afficher)\s+(?:la\s+suite|plus|davantage)(?:\s+\S+){0,2}|plus\s+de\s+\S+|"
    r"(?:ver|cargar|mostrar|carregar)\s+m[áa]i?s(?:\s+\S+){0,2}|(?:carica|mostra|vedi)\s+(?:altr[oiae]|di\s+più)(?:\s+\S+){0,2}|"
    r"(?:meer)\s+(?:laden|tonen|weergeven)|toon\s+meer|(?:visa|ladda|läs\s+in)\s+fler(?:\s+\S+)?|(?:vis|last\s+inn|indlæs)\s+(?:mere|mer|flere)|"
    r"näytä\s+lisää|lataa\s+lisää|(?:pokaż|załaduj|zobacz|wczytaj)\s+więcej|(?:zobrazit|načíst)\s+(?:další|více)|daha\s+fazla(?:\s+\S+){0,2}|"
    r"(?:показать|загрузить)\s+(?:ещё|еще|больше)(?:\s+\S+)?|(?:показати|завантажити)\s+(?:ще|більше)|もっと(?:見る|読み込む|表示)|さらに(?:表示|読み込む|見る)|"
    r"(?:加载|查看|显示|載入|顯示)更多\S*|더\s?보기|عرض\s+المزيد|تحميل\s+المزيد|(?:טען|הצג)\s+עוד|xem\s+thêm|tải\s+thêm|muat\s+lebih\s+banyak)\W*$"
)
NEXT = (
    r"^\W*(?:next(?:\s+(?:page|photos|images|results|items|\d+))?|older(?:\s+(?:posts|entries|photos))?|weiter|nächste(?:\s+seite)?|"
    r"ältere(?:\s+\S+)?|(?:page\s+)?suivante?|siguientes?(?:\s+página)?|página\s+siguiente|próxim[ao](?:\s+página)?|seguinte|"
    r"(?:pagina\s+)?successiva|avanti|volgende(?:\s+pagina)?|nästa(?:\s+sida)?|neste(?:\s+side)?|næste(?:\s+side)?|seuraava|"
    r"następn[ay](?:\s+strona)?|dalej|další(?:\s+strana)?|sonraki(?:\s+sayfa)?|следующая(?:\s+страница)?|вперёд|далее|наступна|"
    r"次へ|次のページ|下一[页頁]|下[页頁]|다음(?:\s?페이지)?|التالي|הבא|trang\s+sau|selanjutnya)\W*$|^\s*(?:[›»→❯>]|>>|&gt;)\s*$"
)
LOGIN = re.compile(
    r"\b(?:log\s?in|sign\s?in|log on|anmelden|einloggen|se connecter|connexion|iniciar sesión|accedi|entrar|inloggen|logga in|"
    r"войти|вход|登录|登入|ログイン|로그인)\b",
    re.IGNORECASE,
)
CLOSE = (
    r"^\W*(?:close|schlie(?:ß|ss)en|fermer|cerrar|chiudi|fechar|sluiten|stäng|luk|lukk|zamknij|kapat|закрыть|閉じる|关闭|關閉|닫기)\W*$|"
    r"^\s*[×✕✖xX]\s*$"
)
