"""Live panes into every browser, tab, window and desktop you run."""

__version__ = "0.1.0"
