"""What reads something out of a page that somebody else wrote: the contract of scrapers, and those that come along."""

from livepane.downloads.record import Candidate, Wanted
from livepane.scrapers.contract import Item, Limits, ScrapeError, Work, scraper

__all__ = ["Candidate", "Item", "Limits", "ScrapeError", "Wanted", "Work", "scraper"]
