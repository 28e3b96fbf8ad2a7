"""Whether a line of text names a job: the gate before every list that no vendor vouches for."""

from __future__ import annotations

import re

LONGEST = 120

GENDER = re.compile(
    r"[(\[|/–-]?\s*\b(?:(?:m|w|f|d|x|h|v|k|gn|div|all|i|a|n|u)\s*[/|,*.:–-]\s*){1,4}(?:m|w|f|d|x|h|v|k|gn|div|diverse|divers|n|u|a|i|o)\b\s*[)\]]?"
    r"|\((?:all genders?|alle geschlechter|gn|mwd|wmd|m\W?w\W?d|h\W?f|f\W?h|x|e)\)|\ball genders\b|\*\s?(?:in|innen)\b|:in(?:nen)?\b",
    re.IGNORECASE,
)
MARKER = re.compile(
    r"\(\s*(?:[mwfdxhvk]|gn|div\w*|all genders?)(?:\s*[/|,*.:–-]\s*(?:[mwfdxhvknuai]|gn|div\w*|i)){1,4}\s*\)|\b[mwfd]/[mwfd](?:/[dx])?\b|\bh/f\b|\bf/h\b|\(all genders?\)",
    re.IGNORECASE,
)

# Words that end the name of a trade, in the languages that boards are written in. A word counts at its start or, for the
# compounds of German and its neighbours, at its end.
NOUNS = """
accountant actuary administrator advisor adviser advocate agent agronomist ambassador analyst anesthesiologist animator apprentice
architect artist assembler assistant associate attendant attorney auditor aide baker barista bartender biologist bookkeeper broker
builder buyer captain caregiver carer carpenter cashier caseworker caretaker chauffeur chef chemist chief cleaner clerk clinician coach
composer concierge consultant controller cook coordinator copywriter counsel counsellor counselor courier crew curator custodian dentist
dermatologist designer developer devops dietitian director dispatcher doctor draftsman driver economist editor educator electrician
engineer enumerator estimator evangelist examiner executive expert fabricator facilitator farmer fellow fellowship firefighter fitter foreman
forester freelancer gardener generalist geologist groomer guard guide handyman head housekeeper hygienist inspector installer instructor
intern internship interpreter inventor investigator janitor journalist judge kitchen laborer labourer landscaper lawyer lead leader
lecturer legal librarian lieutenant lifeguard machinist maker manager marketer mason mate mathematician mechanic mentor merchandiser
midwife millwright moderator mover nanny nurse nutritionist officer operations operator optician optometrist orderly organizer owner painter
paralegal paramedic partner pathologist pediatrician pharmacist phlebotomist photographer physician physicist physiotherapist picker pilot
planner plumber policymaker porter postdoc preparer president principal processor producer professor programmer promoter proofreader
psychiatrist psychologist publicist purchaser radiographer radiologist ranger realtor receptionist recruiter registrar rep reporter
representative researcher responder retoucher reviewer rigger roofer sailor salesman salesperson scheduler scientist scrum seamstress
secretary seller server servicer sitter socialworker solicitor sonographer specialist sre statistician steward stocker strategist stylist
superintendent supervisor surgeon surveyor tailor teacher teamlead technician technologist telemarketer teller tester therapist tradesperson
trader trainee trainer translator treasurer tutor underwriter undergraduate veterinarian videographer vp waiter waitress warehouseman
warden watchman welder worker writer cto cfo ceo coo cmo ciso ux ui qa hr sdr bdr

entwickler entwicklerin ingenieur ingenieurin berater beraterin mitarbeiter mitarbeiterin leiter leiterin leitung kaufmann kauffrau
kaufleute fachkraft fachkräfte fachfrau fachmann techniker technikerin mechaniker mechanikerin mechatroniker elektroniker elektriker
referent referentin sachbearbeiter sachbearbeiterin sachbearbeitung assistenz assistentin werkstudent werkstudentin praktikant praktikantin
praktikum auszubildende auszubildender ausbildung azubi duales dualer student pfleger pflegerin pflegefachkraft pflegehelfer erzieher
erzieherin arzt ärztin oberarzt assistenzarzt fahrer fahrerin verkäufer verkäuferin koch köchin kellner kellnerin monteur schlosser
schweißer maler tischler schreiner dachdecker maurer lagerist buchhalter buchhalterin controllerin lehrer lehrerin dozent trainerin
disponent disponentin vertriebler außendienst innendienst aushilfe minijob helfer meister polier bauleiter projektleiter
geschäftsführer geschäftsführerin vorstand jurist juristin anwalt rechtsanwalt notar steuerberater steuerfachangestellte fachangestellte
angestellte hausmeister reinigungskraft servicekraft küchenhilfe konstrukteur redakteur redakteurin gestalter mediengestalter
fachinformatiker informatiker architektin administratorin volontär volontariat trainee systemadministrator sekretär sekretärin
physiotherapeut therapeut sozialarbeiter sozialpädagoge pädagoge betreuer

développeur développeuse ingénieur ingénieure chargé chargée chef cheffe directeur directrice responsable technicien technicienne
assistante commercial commerciale comptable conseiller conseillère consultante coordinateur coordinatrice gestionnaire infirmier infirmière
juriste opérateur opératrice ouvrier ouvrière vendeur vendeuse stagiaire stage alternance alternant alternante apprenti apprentie
rédacteur rédactrice formateur formatrice cuisinier serveur serveuse chauffeur conducteur conductrice magasinier préparateur mécanicien
électricien animateur animatrice éducateur éducatrice aide-soignant médecin enseignant acheteur acheteuse graphiste

desarrollador desarrolladora ingeniero ingeniera analista gerente jefe jefa director directora técnico técnica asesor asesora
coordinador coordinadora comercial contable administrativo administrativa dependiente vendedor vendedora camarero camarera cocinero
enfermero enfermera conductor repartidor operario operaria mozo becario becaria prácticas practicante diseñador diseñadora
responsable encargado encargada consultor consultora especialista abogado abogada auxiliar médico profesor profesora

sviluppatore sviluppatrice ingegnere addetto addetta impiegato impiegata responsabile tecnico commerciale contabile consulente stagista
tirocinio tirocinante operaio magazziniere autista commesso commessa cameriere cuoco infermiere progettista venditore programmatore
specialista coordinatore direttore medico educatore apprendista assistente

ontwikkelaar medewerker adviseur beheerder projectleider manager monteur monteurs chauffeur verkoper verpleegkundige stagiair stagiaire
stage leidinggevende boekhouder kok docent leraar ingenieur werkvoorbereider planner accountmanager teamleider magazijnmedewerker
hovenier consulent begeleider specialist schoonmaker bezorger vakkenvuller monteur technicus teamlead

desenvolvedor desenvolvedora engenheiro engenheira gerente analista assistente auxiliar coordenador coordenadora diretor diretora
estagiário estagiária estágio vendedor vendedora técnico técnica consultor consultora programador enfermeiro motorista operador
operadora supervisor supervisora advogado especialista aprendiz recepcionista médico professor

programista programistka inżynier kierownik specjalista specjalistka analityk konsultant konsultantka asystent asystentka doradca
handlowiec księgowy księgowa magazynier kierowca stażysta stażystka praktykant sprzedawca technik projektant tester lekarz pielęgniarka
pracownik mechanik elektryk dyrektor koordynator grafik operator

vývojář vývojářka inženýr manažer manažerka specialista specialistka analytik konzultant asistent asistentka účetní prodavač prodavačka
řidič skladník technik obchodník obchodní obchodník zástupce vedoucí programátor testovací tester stážista brigáda operátor lékař sestra
kuchař dělník zámečník svářeč elektrikář projektant referent

utvecklare ingenjör chef projektledare säljare tekniker handläggare konsult medarbetare assistent ekonom controller sjuksköterska
undersköterska lärare läkare montör mekaniker praktikant snickare elektriker chaufför lagerarbetare rådgivare ansvarig systemutvecklare
utvikler ingeniør leder prosjektleder selger tekniker rådgiver konsulent medarbeider økonom sykepleier lærer lege montør mekaniker
lærling sjåfør lagermedarbeider butikkmedarbeider arkitekt forsker advokat
udvikler ingeniør leder projektleder sælger tekniker rådgiver konsulent medarbejder økonom sygeplejerske lærer læge montør mekaniker
elev lærling chauffør lagermedarbejder studentermedhjælper studiemedhjælper specialkonsulent fuldmægtig bogholder kok tjener
"""
_WORDS = sorted({word for word in NOUNS.split() if word}, key=len, reverse=True)
_SUFFIXES = (
    "entwickler|ingenieur|berater|mitarbeiter|leiter|leitung|kaufmann|kauffrau|kraft|techniker|mechaniker|elektroniker|student|praktikant|praktikum|"
    "pfleger|fahrer|verkäufer|monteur|buchhalter|lehrer|helfer|meister|arzt|ärztin|ontwikkelaar|medewerker|adviseur|beheerder|leider|utvecklare|"
    "ingenjör|ledare|säljare|utvikler|udvikler|ingeniør|leder|selger|sælger|rådgiver|konsulent|medarbeider|medarbejder|tekniker|manager|engineer|"
    "developer|designer|administrator|assistent|assistenz|therapeut|pädagoge|gestalter|fachangestellte|angestellte|führer|konstrukteur"
)
ROLE = re.compile(
    rf"(?<![\w])(?:{'|'.join(map(re.escape, _WORDS))})(?:s|in|innen|e|en|er)?(?![\w])|\w{{2,30}}(?:{_SUFFIXES})(?:in|innen|s)?(?![\w])",
    re.IGNORECASE,
)

# Trades in scripts where words have endings or no spaces between them: they count wherever they stand.
FAR_ROLE = re.compile(
    r"\b(?:инженер|программист|разработчик|менеджер|бухгалтер|водитель|аналитик|дизайнер|специалист|администратор|руководитель|директор|продавец|"
    r"консультант|юрист|экономист|оператор|технолог|механик|слесарь|электрик|электромонт[её]р|сварщик|кладовщик|логист|маркетолог|тестировщик|врач|"
    r"медсестра|повар|кассир|секретарь|помощник|ассистент|стаж[её]р|мастер|начальник|главный|архитектор|учитель|преподаватель|рабочий|грузчик|курьер|"
    r"інженер|розробник|спеціаліст|фахівець|водій|аналітик|керівник)\w*|"
    r"エンジニア|プログラマ|デザイナー|マネージャー|ディレクター|コンサルタント|アナリスト|スタッフ|アシスタント|リーダー|オペレーター|営業|事務|経理|人事|総務|"
    r"看護師|介護|薬剤師|保育士|調理|販売員|技術者|研究員|開発職|総合職|一般職|技術職|研究職|企画職|専門職|運転手|施工管理|"
    r"工程师|设计师|经理|会计|销售|主管|总监|助理|顾问|分析师|專員|专员|实习生|开发|工程師|엔지니어|개발자|디자이너|매니저|마케터|담당자",
    re.IGNORECASE,
)

NOT_A_TITLE = re.compile(
    r"^(?:about(?: us)?|all(?: jobs?| openings?| departments?| locations?| teams?)?|apply(?: now| here| online| for this (?:job|role|position))?|back(?: to .*)?|benefits?|blog|browse.*|"
    r"careers?(?: at .*)?|clear.*|close|contact(?: us)?|cookies?.*|culture|current openings.*|departments?|details?|discover.*|diversity.*|download.*|employee .*|events?|explore.*|"
    r"faqs?|filter.*|find .*|follow us.*|get (?:in touch|started).*|home|how we (?:hire|work)|imprint|impressum|internships?|interview.*|job(?:s| board| alerts?| listings?| openings?| search| title| description)?|"
    r"join (?:us|our .*|the team.*|now)|know more|language|learn more.*|legal(?: notice)?|life at .*|load more.*|locations?|log ?in.*|meet .*|menu|more.*|next.*|news(?:room|letter)?|no .*|open (?:positions?|roles?|jobs?)|"
    r"openings?|our .*|partners?|perks.*|positions?|press|previous.*|privacy.*|read more.*|refer .*|register.*|reset.*|returning .*|roles?|save.*|search.*|see .*|share.*|show .*|sign (?:in|up).*|"
    r"sort.*|stay .*|submit.*|students?(?: (?:and|&) graduates?)?|subscribe.*|team|teams|terms.*|testimonials?|title|values|view .*|watch .*|we(?:'|’)?re hiring.*|welcome.*|what we .*|who we .*|why .*|work with us.*|working at .*|"
    r"alle .*|ansehen|aktuelle stellen.*|bewerben.*|jetzt bewerben.*|datenschutz.*|details.*|karriere.*|kontakt.*|mehr .*|offene stellen.*|standorte?|startseite|stellenangebote.*|stellenanzeigen?|über uns|unsere .*|weiter.*|weitere .*|zurück.*|zum .*|zur .*|"
    r"accueil|à propos.*|candidature.*|carrières?|en savoir plus.*|mentions légales|nos .*|nous .*|offres?(?: d.emploi)?|postuler.*|rejoignez.*|retour.*|voir .*|"
    r"inicio|ofertas.*|nosotros|ver .*|únete.*|trabaja con.*|postula.*|lavora con noi|posizioni aperte|scopri.*|candidati.*|chi siamo|vacatures?|over ons|bekijk.*|solliciteer.*|lees meer.*|werken bij.*|"
    r"vagas.*|saiba mais.*|trabalhe conosco|sobre.*|kariéra|volné pozice|kariera|oferty pracy|aplikuj.*|lediga jobb|ledige stillinger|ansök.*|läs mer.*|søk .*|les mer.*|læs mere.*|om oss|om os|karriär|karriere)$",
    re.IGNORECASE,
)
# "Register", "Privacy" and "Search" are menu entries; a registered nurse, a privacy counsel and a search engineer are not.
BUT_A_TRADE = re.compile(r"(?:registered|privacy|search(?: engine)?|diversity) \w", re.IGNORECASE)
BENEFIT = re.compile(
    r"\b(?:insurance|pto|holidays?|vacation|parental leave|401\(?k\)?|stipend|wellness|free (?:lunch|snacks|coffee|parking)|flexible (?:hours|working|schedule)|gym|"
    r"pension scheme|equity for|stock options|home office budget|learning budget|team events?|company (?:car|phone|events)|unlimited|paid (?:time|leave)|"
    r"altersvorsorge|urlaubstage|jobrad|firmenwagen|weiterbildungs\w*|gleitzeit|obstkorb|mitarbeiterrabatte?|mutuelle|tickets? restaurant|télétravail \d)\b",
    re.IGNORECASE,
)
SENTENCE = re.compile(
    r"\w{4}[.!?]\s+(?-i:[A-ZÄÖÜ])|[!?]$|\b(?:we|our|you|your|wir|unser\w*|dein\w*|nous|notre|vous|votre) \w+ \w+ \w+",
    re.IGNORECASE,
)
EVERGREEN = re.compile(
    r"\b(?:talent (?:pool|community|network|bank|pipeline)|(?:general|open|spontaneous|speculative|unsolicited|future|evergreen) (?:application|applications|interest|opportunit\w+|talent|hire)|"
    r"initiativ\s?-?\s?bewerbung\w*|spontanbewerbung|candidature (?:spontanée|libre)|candidatura (?:espontánea|espontanea|spontanea|espontânea)|autocandidatura|open sollicitatie|"
    r"åpen søknad|öppen ansökan|spontanansökan|uopfordret ansøgning|aplikacja spontaniczna|banco de talentos|future openings?|expression of interest|join our talent|"
    r"don.?t see (?:the|a|your|what) |can.?t find (?:the|a|your) |didn.?t find|nothing (?:fits|for you)|not seeing|connect with us|stay connected|blindbewerbung|pass(?:t|en)? nicht)",
    re.IGNORECASE,
)


def is_evergreen(title: str) -> bool:
    """Whether it stands for no particular job: talent pools, open applications."""
    return bool(EVERGREEN.search(title[:300]))


def without_gender(title: str) -> str:
    """A title without `(m/w/d)` and its relatives."""
    return re.sub(r"\s+", " ", GENDER.sub(" ", title)).strip(" -–|,/")


def names_a_role(title: str) -> bool:
    """Whether some word of it is a trade, or it carries a marker that only job titles have."""
    return bool(
        MARKER.search(title) or ROLE.search(title[:LONGEST]) or (not title.isascii() and FAR_ROLE.search(title[:LONGEST]))
    )


def may_be_title(title: str) -> bool:
    """Whether it could be the title of a job: not a menu entry, not a benefit, not a sentence."""
    if not (3 if title.isascii() else 2) <= len(title) <= LONGEST or title.isdigit():  # "営業" has two characters
        return False
    if NOT_A_TITLE.match(title.strip(" »›→>+…:")) and not (BUT_A_TRADE.match(title) and ROLE.search(title)):
        return False
    if MARKER.search(title):
        return True
    return (
        not BENEFIT.search(title)
        and not SENTENCE.search(title)
        and any(char.isalpha() for char in title)
        and "@" not in title
        and "http" not in title
    )
