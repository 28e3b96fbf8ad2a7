"""Recipes: how to get at the media of one site, written down without a program. The files that come along are here, too."""
