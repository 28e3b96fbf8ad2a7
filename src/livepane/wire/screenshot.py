"""One picture of a job as JSON, with what the job does, as existing clients read it (`WS /ws/screenshots/{queue_id}`)."""

from __future__ import annotations

import base64
import json

from livepane.domain.frame import Picture
from livepane.wire.clock import iso


def screenshot_message(queue_id: int, platform: str, action: str, picture: Picture) -> str:
    """`{"type":"scraper_screenshot", …}`; the same content once more under `data`, for clients that read it there."""
    content = {
        "type": "scraper_screenshot",
        "queue_id": queue_id,
        "platform": platform,
        "action": action,
        "screenshot": "",
        "timestamp": iso(picture.captured_at),
    }
    text = json.dumps({**content, "data": content}, separators=(",", ":"))
    # Base64 needs no escaping, so it is put in by hand: the JSON encoder would read every character of it. An action cannot
    # look like the place: its quotation marks are escaped.
    return text.replace('"screenshot":""', f'"screenshot":"{base64.b64encode(picture.data).decode()}"')
