"""The producing end of our own producer protocol: run a source here, show it on a server elsewhere."""
