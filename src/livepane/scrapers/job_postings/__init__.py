"""Job postings out of one saved document: pure functions, no network and no browser."""
