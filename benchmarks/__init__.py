"""Measurements of Livepane beside its rivals, the naive ways and the floors, each in the same run."""
