"""The ladder of job postings: fetches, follows and renders what `livepane.scrapers.job_postings` reads."""

from livepane.scrapers.ladder.scraper import job_postings

__all__ = ["job_postings"]
