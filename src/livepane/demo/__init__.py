"""The demo: a small site, and a script that drives one of its pages as a person would."""
