"""Files that are fetched and kept: names, checks, folders with a manifest. Knows nothing of browsers, jobs or HTTP."""
