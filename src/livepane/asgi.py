"""`uvicorn livepane.asgi:app`: the same server under somebody else's uvicorn.

Shared writes and fast acknowledgements need our own connection class: add
`--ws livepane.transports.connection:Connection`, or use `livepane serve`, which does that and more.
"""

from __future__ import annotations

from livepane import log
from livepane.api.app import build
from livepane.auth import Keys
from livepane.settings import Settings

settings = Settings()
log.configure(settings.log_level)
app = build(settings, Keys.of(settings.data_dir)[0])
