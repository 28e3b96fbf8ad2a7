"""Live panes into every browser, tab, window and desktop you run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from livepane.sdk import action as action
    from livepane.sdk import watch as watch
    from livepane.sdk import watch_sync as watch_sync

__version__ = "0.1.0"
_FOR_SCRIPTS = ("action", "watch", "watch_sync")


def __getattr__(name: str) -> Any:
    """Load what scripts use when they use it: `import livepane` itself loads nothing."""
    if name not in _FOR_SCRIPTS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from livepane import sdk

    return getattr(sdk, name)


def __dir__() -> list[str]:
    return [*globals(), *_FOR_SCRIPTS]
