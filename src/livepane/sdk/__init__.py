"""Two lines in somebody's own Playwright script, and its page is a pane: `livepane.watch(page)`, `livepane.action(label)`."""

from livepane.sdk.pane import AsyncPane, Pane, SyncPane
from livepane.sdk.watching import action, watch, watch_sync

__all__ = ["AsyncPane", "Pane", "SyncPane", "action", "watch", "watch_sync"]
