"""Every error that Livepane itself raises, as one tree.

LivepaneError
├── BadRequest            400  a value is wrong: the message names it and the mend
│   ├── BadPicture        400  bytes that are not a picture we accept
│   └── UrlNotLoaded      422  a page that could not be opened
├── Unauthorised          401  no token where one is needed, or a dead one
├── Forbidden             403  the caller's role does not allow it
├── NotFound              404
│   └── SourceGone        410  the thing behind a stream has ended
├── Conflict              409
│   └── NameTaken         409  a second producer of one name
├── TooLarge              413
├── TooMany               429
└── Unavailable           503  a part that this machine lacks or that is away
    ├── NoBrowser         503
    └── NoDisplay         503
"""

from __future__ import annotations


class LivepaneError(Exception):
    """Base of all; `status` is the HTTP status, `close_code` what a WebSocket is closed with."""

    status = 500
    close_code = 1011
    code = "error"

    @property
    def message(self) -> str:
        """The sentence for the person who has to mend it."""
        return str(self)


class BadRequest(LivepaneError):
    """A value is wrong; the message names it, what is allowed and the mend."""

    status = 400
    close_code = 4400
    code = "bad_request"


class BadPicture(BadRequest):
    """Bytes that are not a picture we accept."""

    code = "bad_picture"


class UrlNotLoaded(BadRequest):
    """A page could not be opened."""

    status = 422
    code = "url_not_loaded"


class Unauthorised(LivepaneError):
    """A token is needed and missing, unknown, expired or revoked."""

    status = 401
    close_code = 4401
    code = "unauthorised"


class Forbidden(LivepaneError):
    """The caller is known, and its role does not allow this."""

    status = 403
    close_code = 4403
    code = "forbidden"


class NotFound(LivepaneError):
    """There is no such thing; the message says where to look."""

    status = 404
    close_code = 4404
    code = "not_found"


class WindowNotFound(NotFound):
    """No window or monitor has that id (the code is a contract of the JSON frames socket)."""

    code = "window_not_found"


class SourceGone(NotFound):
    """What a stream showed has ended: a closed page, window or tab."""

    status = 410
    code = "source_gone"


class Conflict(LivepaneError):
    """The thing is there already or is in another state."""

    status = 409
    close_code = 4400
    code = "conflict"


class NameTaken(Conflict):
    """A second producer of one name."""

    close_code = 4000
    code = "name_taken"


class TooLarge(LivepaneError):
    """Over a limit in bytes or pixels."""

    status = 413
    close_code = 1009
    code = "too_large"


class TooMany(LivepaneError):
    """Over a limit in number or rate."""

    status = 429
    close_code = 1013
    code = "too_many"


class Unavailable(LivepaneError):
    """A part that this machine lacks, or that is away for now."""

    status = 503
    close_code = 1013
    code = "unavailable"


class NoBrowser(Unavailable):
    """No Chromium was found, or it could not be started."""

    code = "no_browser"


class NoDisplay(Unavailable):
    """There is no display to capture."""

    code = "no_display"
