"""`uvicorn livepane.asgi:app`: the same server under somebody else's uvicorn.

Shared writes and fast acknowledgements need our own connection class: add
`--ws livepane.transports.connection:Connection`, or use `livepane serve`, which does that and more.
"""

from __future__ import annotations

from livepane import log
from livepane.api.app import build
from livepane.auth.keyring import Keyring
from livepane.settings import Settings

settings = Settings()
log.configure(settings.log_level, settings.log_format)
app = build(settings, Keyring.chosen(settings)[0])
