"""What has to be right before a server listens. `livepane serve` stops at the first thing that is not; the doctor tells all."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from livepane.commands import certificate, listening
from livepane.domain.errors import LivepaneError

if TYPE_CHECKING:
    from livepane.commands.certificate import Tls
    from livepane.settings import Settings


def check(settings: Settings, refused: Callable[[LivepaneError], object]) -> Tls | None:
    """Try everything that settings name and that can be tried without changing anything; `refused` is told of each failure.

    Returns what the server speaks TLS with.
    """
    from livepane.auth.keyring import given_token
    from livepane.browsers.running import debugging_endpoint
    from livepane.jobs import plugins

    tls: Tls | None = None

    def load_certificate() -> None:
        nonlocal tls
        tls = certificate.load(settings.tls_cert, settings.tls_key)

    def read_token() -> None:
        if settings.admin_token_file is not None:
            given_token(settings.admin_token_file)

    steps: tuple[Callable[[], object], ...] = (
        lambda: listening.check(settings, auth_was_set="auth" in settings.model_fields_set),
        load_certificate,
        read_token,
        lambda: debugging_endpoint(settings.chrome_url) if settings.chrome_url else None,
        lambda: plugins.load(map(Path, settings.plugins)),
    )
    for step in steps:
        try:
            step()
        except LivepaneError as error:
            refused(error)
    return tls
