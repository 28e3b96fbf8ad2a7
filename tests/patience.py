"""How long a test waits for what has to come."""

PATIENCE = 90.0  # seconds: only there for a hang. On a busy machine a browser may stand still for a good part of a minute.
