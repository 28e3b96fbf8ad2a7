"""Whether a page must be rendered by a browser before anything can be said of it."""

from __future__ import annotations

import re

from livepane.scrapers.job_postings.detect import Detection, of_url
from livepane.scrapers.job_postings.document import Document
from livepane.scrapers.job_postings.vendors.registry import BY_NAME

ROOTS = "#root, #app, #__next, #__nuxt, #___gatsby, app-root, #react-root, #main-app, #ember-app, [ng-app], [data-reactroot], [data-v-app], #svelte, #q-app, #angular, div[id$=-root], div[id$=-app]"
SKELETON = "[class*=skeleton], [class*=Skeleton], [class*=shimmer], [class*=placeholder-glow], [class*=loading-placeholder], [aria-busy=true], [class*=spinner], [class*=loader], [class*=Loading]"
NEEDS_SCRIPT = re.compile(
    r"(?:you need to |please )?enable javascript|javascript (?:is )?(?:required|disabled|must be enabled)|requires javascript|without javascript|activez javascript|javascript aktivieren|javascript (?:ist|muss)|activar javascript|habilite? (?:o )?javascript|loading (?:jobs|positions|openings|vacancies)|jobs (?:werden )?(?:laden|geladen)|fetching (?:jobs|positions)|loading\s?\.\.\.|loading…",
    re.IGNORECASE,
)
JOB_BOX = "[id*=job-list], [id*=jobs-list], [id*=job_list], [id*=joblist], [id*=job-board], [id*=jobboard], [id*=job-widget], [id*=jobs-widget], [id*=careers-widget], [class*=job-widget], [class*=jobs-widget], [id*=openings], [id*=job-listing], [class*=job-board-embed], [class*=jobs-container], [id*=vacancies], [id=jobs], [id*=jobs-container], [data-jobs-list], [class*=jobs-list], [class*=job-list]"


def reason(document: Document, detection: Detection, *, careers: bool) -> str:
    """Why a browser is needed, "" when it is not."""
    if document.kind != "html":
        return ""
    visible = document.visible
    vendor = BY_NAME.get(detection.ats or "")
    own = of_url(document.url)
    if detection.strength == 3 and detection.evidence in {"script", "widget"}:
        return f"the jobs come from a script of {detection.ats}"
    scripts = len(document.all("script[src]")) + sum(len(text) > 200 for _, text in document.scripts)
    if own is not None and vendor is not None and vendor.rendered and len(visible) < 3000:
        return f"boards of {vendor.name} are filled by script"
    if (
        len(visible) < 250
        and scripts
        and (document.all(ROOTS) or NEEDS_SCRIPT.search(document.text[-20_000:]) or len(document.all("body *")) < 40)
    ):
        return "the page is an empty shell that scripts fill"
    if (
        len(visible) < 1500
        and NEEDS_SCRIPT.search(visible + " ".join(node.text() or "" for node in document.all("noscript")[:5]))
        and (careers or own is not None or document.all(ROOTS))
    ):
        return "the page says that it needs scripts"
    if document.all(SKELETON) and (careers or own is not None):
        return "placeholders stand where the jobs will be"
    if (
        careers
        and any(len((node.text() or "").strip()) < 60 and not node.css("a[href]") for node in document.all(JOB_BOX)[:10])
        and scripts
    ):
        return "the place for the jobs is empty and scripts fill it"
    if (
        re.search(
            r"\{\{\s*(?:job|position|vacancy|item|opening|post)\.\w+\s*\}\}|\bv-for=\"|\bng-repeat=\"|\bx-for=\"", document.text
        )
        and careers
        and re.search(r"\{\{\s*\w+\.(?:title|name|location)\s*\}\}", document.text)
    ):
        return "a template stands where the jobs will be"
    return ""
