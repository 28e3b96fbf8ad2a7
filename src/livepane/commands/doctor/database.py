"""The Postgres that DATABASE_URL names."""

from __future__ import annotations

from livepane.commands.doctor.finding import Finding, ok, problem, warning
from livepane.domain.errors import LivepaneError
from livepane.settings import Settings

_NAME = "database"
_ENOUGH = 0.8  # of the connections that it allows: above it a restart may find none


def shared(settings: Settings) -> list[Finding]:
    """Whether it answers, is ours to use, and has room for us; nothing when SQLite is used."""
    if not settings.database_url:
        return []
    from livepane.store import db
    from livepane.store.postgres import Postgres

    try:
        about = Postgres(settings.database_url.get_secret_value()).look()
    except LivepaneError as error:
        says, _, mend = error.message.partition(". ")
        return [problem(_NAME, says, mend or None)]
    says = f"{about.where}: Postgres {about.release}, answers in {about.milliseconds:.0f} ms"
    if about.version is None and not about.may_create:
        return [problem(_NAME, f"{says}; its user may not make tables", f"Let it: {about.grant}")]
    if about.version is not None and about.version > db.NEWEST:
        return [problem(_NAME, f"{says}; it is of a newer Livepane (version {about.version})", "Update this one.")]
    used = f"{about.used} of {about.most} connections in use"
    if about.used + settings.database_connections > _ENOUGH * about.most:
        mend = "Let it have more (max_connections there), or each process fewer with LIVEPANE_DATABASE_CONNECTIONS."
        return [warning(_NAME, f"{says}, {used}", mend)]
    state = "empty: the first start makes its tables" if about.version is None else f"version {about.version}"
    if about.version is not None and about.version < db.NEWEST:
        state += f", the next start makes it {db.NEWEST}"
    return [ok(_NAME, f"{says}, {state}, {used}")]
