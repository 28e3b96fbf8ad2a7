"""What users change while the server runs: kept, and in force at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from livepane.settings import Settings
from livepane.store.user_settings import SettingStore
from livepane.wire.user_settings import JobLimits, Politeness, UserSettings


class UserSettingsInForce:
    """The settings of users, beginning with what the server was started with."""

    def __init__(self, store: SettingStore, settings: Settings) -> None:
        self.current = UserSettings(
            jobs=JobLimits(concurrency=settings.job_concurrency, pages=settings.job_pages),
            politeness=Politeness(
                requests_per_second=settings.requests_per_second,
                per_host=settings.requests_per_host,
                files_per_second=settings.files_per_second,
                files_per_host=settings.files_per_host,
            ),
        )
        self.apply: Callable[[UserSettings], None] | None = None  # called with every change
        self._store = store

    async def load(self) -> None:
        """Read what users have changed before.

        Raises:
            Unavailable: the database cannot be read.
        """
        self.current = UserSettings.read(self.current.model_dump() | await self._store.all())

    async def look(self) -> None:
        """See what users have changed on other servers: it takes effect here, too.

        Raises:
            Unavailable: the database cannot be read.
        """
        before = self.current
        kept = UserSettings.read(before.model_dump() | await self._store.all())
        if kept != before and self.current is before:  # else a user of ours was faster
            self.current = kept
            if self.apply is not None:
                self.apply(kept)

    async def change(self, wish: Mapping[str, Any]) -> UserSettings:
        """Change what a wish names: it takes effect at once, and is kept.

        Raises:
            BadRequest: names the value and what it may be.
            Unavailable: it cannot be kept; then nothing has changed.
        """
        wanted = self.current.changed(wish)
        whole = wanted.model_dump()
        await self._store.put({part: whole[part] for part in wish})
        self.current = wanted
        if self.apply is not None:
            self.apply(wanted)
        return wanted
