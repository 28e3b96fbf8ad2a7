"""The nouns of Livepane: frozen values, no I/O, no imports from any other floor."""
