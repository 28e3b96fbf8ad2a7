"""The way out: every request of a job, by its HTTP client or its browser, goes through one proxy that checks where to."""
