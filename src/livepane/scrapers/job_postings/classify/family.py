"""The family of work that a title belongs to, by the longest phrase that fits."""

from __future__ import annotations

import re

from livepane.scrapers.job_postings.classify.titles import without_gender

PHRASES: dict[str, str] = {
    "engineering": "software engineer|engineer|engineering|developer|entwickler|entwicklerin|softwareentwickler|développeur|développeuse|desarrollador|desarrolladora|sviluppatore|ontwikkelaar|desenvolvedor|programista|vývojář|utvecklare|systemutvecklare|utvikler|udvikler|programmer|programador|programmierer|programátor|devops|sre|site reliability|backend|frontend|front-end|back-end|full stack|fullstack|firmware|embedded|qa|test engineer|tester|quality assurance engineer|solutions architect|software architect|architect|ingenieur|ingénieur|ingeniero|ingegnere|engenheiro|inżynier|ingenjör|ingeniør|robotics|mechanical engineer|electrical engineer|hardware|cto|chief technology officer|tech lead|technical lead|konstrukteur|machine learning engineer|ml engineer|ai engineer|platform engineer|security engineer|informatiker|engineering manager|data platform engineer",
    "data": "data scientist|data analyst|data engineer|data science|analytics|analytics engineer|business intelligence|bi analyst|bi developer|statistician|datenanalyst|machine learning scientist|research scientist|data architect|data analytics|quantitative researcher|analyst data|datový analytik|data",
    "product": "product manager|product owner|product lead|product management|head of product|chief product officer|cpo|produktmanager|product operations|product analyst|chef de produit|product director|vp product|director of product",
    "design": "designer|design|ux|ui|ux researcher|user researcher|art director|creative director|illustrator|graphiste|grafik|grafiker|mediengestalter|animator|motion designer|diseñador|artist|product designer|product design|interior designer",
    "marketing": "marketing|marketing manager|product marketing|product marketing manager|growth|growth marketing|content|content manager|content writer|copywriter|seo|brand|brand manager|communications|public relations|pr manager|social media|community manager|marketer|demand generation|events manager|event manager|editor|journalist|redakteur|kommunikation|marketing operations|lifecycle marketing|field marketing",
    "sales": "sales|sales engineer|sales manager|account executive|account manager|key account|business development|sdr|bdr|sales development|vertrieb|vertriebsmitarbeiter|außendienst|innendienst|commercial|commerciale|verkäufer|verkäuferin|verkoper|säljare|selger|sælger|handlowiec|obchodní|solutions engineer|solutions consultant|pre-sales|presales|partnerships|partner manager|partnership|account director|store associate|retail|store manager|vendeur|vendedor|venditore|cashier|merchandiser|sales assistant|sales associate|revenue|sales operations",
    "support": "customer support|customer service|customer success|customer success manager|support engineer|technical support|support specialist|help desk|helpdesk|service desk|kundenservice|kundenbetreuer|kundenberater|call center|service client|atención al cliente|customer experience|customer care|support agent|client success|kundenbetreuung|implementation|onboarding specialist|technical account manager",
    "operations": "operations|operations manager|logistics|supply chain|warehouse|lager|lagerist|fulfillment|procurement|buyer|purchasing|einkauf|einkäufer|facilities|facility|office manager|office assistant|executive assistant|administrative assistant|administrative|assistant|receptionist|project manager|projektmanager|projektleiter|program manager|coordinator|chief of staff|chief operating officer|coo|scrum master|production|produktion|manufacturing|quality|dispatcher|disponent|planner|driver|fahrer|kraftfahrer|chauffeur|magasinier|business operations|strategy|biz ops|sekretärin|assistenz|inventory|chef de projet|chef d'équipe|chef d’équipe|cheffe de projet",
    "finance": "finance|accountant|accounting|controller|buchhalter|buchhaltung|finanzbuchhalter|comptable|contable|contabile|auditor|tax|treasury|payroll|bookkeeper|cfo|chief financial officer|fp&a|financial analyst|investment|actuary|underwriter|księgowy|księgowa|účetní|ekonom|economist|steuerberater|steuerfachangestellte|billing|credit|risk analyst|audit|banker|trader",
    "people": "people|people operations|human resources|hr|hr business partner|recruiter|recruiting|talent|talent acquisition|talent partner|personalreferent|personal|people partner|chro|ressources humaines|recursos humanos|learning and development|compensation and benefits|total rewards|workplace experience|recruitment",
    "legal": "legal|counsel|lawyer|attorney|paralegal|compliance|jurist|juriste|anwalt|rechtsanwalt|avocat|abogado|avvocato|privacy|contracts|contract manager|contracts manager|regulatory|solicitor|general counsel|legal counsel",
    "it": "it|it support|it administrator|system administrator|systemadministrator|sysadmin|systems administrator|network engineer|network administrator|information security|it manager|it specialist|fachinformatiker|it-support|infrastructure|database administrator|security analyst|cyber security|cybersecurity|it systems|sap|erp|helpdesk technician|it consultant|it-administrator|information technology",
    "healthcare": "nurse|registered nurse|physician|doctor|therapist|physiotherapist|physiotherapeut|pfleger|pflegefachkraft|pflegekraft|krankenschwester|krankenpfleger|altenpfleger|infirmier|infirmière|enfermero|enfermera|verpleegkundige|sykepleier|sjuksköterska|sygeplejerske|caregiver|pharmacist|dentist|medical|clinical|clinician|arzt|ärztin|oberarzt|assistenzarzt|médecin|lekarz|pielęgniarka|paramedic|medical assistant|psychologist|psychiatrist|veterinarian|radiologist|rn|lpn|cna|dental|physical therapist|care assistant|healthcare assistant|staff nurse|surgeon|midwife|phlebotomist|medizinische fachangestellte",
    "skilled_trades": "electrician|elektriker|elektroniker|plumber|carpenter|welder|mechanic|mechaniker|mechatroniker|machinist|technician|techniker|technicien|técnico|tecnico|monteur|installer|maintenance|maintenance technician|hvac|painter|schlosser|schweißer|tischler|maurer|dachdecker|anlagenmechaniker|service technician|field technician|construction|construction worker|foreman|assembler|operator|fitter|operario|operaio|hausmeister|millwright|field service technician|bauleiter|field service engineer|lab technician",
    "education": "teacher|lehrer|lehrerin|tutor|professor|lecturer|instructor|educator|erzieher|erzieherin|dozent|enseignant|profesor|docent|leraar|pädagoge|sozialpädagoge|teaching assistant|school|curriculum|postdoc|trainer|educator|early childhood",
    "science": "scientist|chemist|biologist|researcher|research associate|research assistant|physicist|laboratory|lab assistant|bioinformatics|research engineer|forsker|wissenschaftlicher mitarbeiter|postdoctoral|r&d",
    "consulting": "consultant|berater|beraterin|conseiller|consultor|consulente|konsultant|konsult|adviseur|advisor|unternehmensberater|management consultant",
    "hospitality": "chef|cook|koch|köchin|cuisinier|barista|waiter|waitress|kellner|server|bartender|kitchen|housekeeper|hotel|restaurant|food|servicekraft|küchenhilfe|sous chef|crew member|team member|front desk|dishwasher|host|camarero|cameriere|baker",
    "security_services": "security guard|security officer|loss prevention|security supervisor",
    "cleaning": "cleaner|janitor|custodian|reinigungskraft|cleaning|raumpfleger|agent d'entretien",
}
_FAMILY = {phrase: family for family, phrases in PHRASES.items() for phrase in phrases.split("|")}
_PATTERN = re.compile(
    r"(?<![\w&])(?:" + "|".join(re.escape(phrase) for phrase in sorted(_FAMILY, key=len, reverse=True)) + r")(?![\w])",
    re.IGNORECASE,
)
# What a German compound ends with.
_ENDINGS = re.compile(
    r"\w{2,30}?(entwickler|ingenieur|berater|verkäufer|buchhalter|mechaniker|techniker|elektroniker|fahrer|pfleger|lehrer|koch|monteur|therapeut|utvecklare|ingenjör|säljare|utvikler|udvikler|tekniker)(?:in)?\b",
    re.IGNORECASE,
)
DEPARTMENTS = {
    "engineering": "Engineering",
    "data": "Data",
    "product": "Product",
    "design": "Design",
    "marketing": "Marketing",
    "sales": "Sales",
    "support": "Customer Support",
    "operations": "Operations",
    "finance": "Finance",
    "people": "People",
    "legal": "Legal",
    "it": "IT",
    "healthcare": "Healthcare",
    "skilled_trades": "Skilled Trades",
    "education": "Education",
    "science": "Science",
    "consulting": "Consulting",
    "hospitality": "Hospitality",
    "security_services": "Security",
    "cleaning": "Cleaning",
}


def family_of(title: str, *hints: str) -> str:
    """The family, "" when no phrase fits. The title decides; a department or function helps only when it is silent."""
    for index, text in enumerate((without_gender(title), *hints)):
        best = ""
        for match in _PATTERN.finditer(text[:200]):
            # Of two phrases of one length the later one is the head of the name: "Data Engineer Manager".
            if len(match[0]) >= len(best) + (0 if len(best.split()) == len(match[0].split()) else 1) or len(
                match[0].split()
            ) > len(best.split()):
                best = match[0]
        if best:
            return _FAMILY[best.lower()]
        if index == 0 and (ending := _ENDINGS.search(text[:200])):
            return _FAMILY.get(ending[1].lower(), "")
    return ""
