"""Every error that Livepane itself raises, as one tree.

LivepaneError
├── BadRequest            400  a value is wrong: the message names it and the mend
│   ├── BadPicture        400  bytes that are not a picture we accept
│   ├── BadDomains        422  a list of domains that cannot be scraped
│   ├── BadRecipe         400  a recipe that cannot be read, with the lines of what is wrong
│   └── UrlNotLoaded      422  a page that could not be opened
├── Unauthorised          401  no token where one is needed, or a dead one
├── Forbidden             403  the caller's role does not allow it
├── NotFound              404
│   └── SourceGone        410  the thing behind a stream has ended
├── Conflict              409
│   └── NameTaken         409  a second producer of one name
├── TooLarge              413
├── UnsupportedMedia      415
├── TooMany               429
│   ├── TooManyTries      429  wrong tokens or codes; says when to try again
│   ├── TooFast           429  more pictures than may come; says when to go on
│   └── NoRoom            429  more sources than may push; says when there may be room
└── Unavailable           503  a part that this machine lacks or that is away
    ├── NoBrowser         503
    └── NoDisplay         503
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


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


class BadDomains(BadRequest):
    """A list of domains that cannot be scraped: too many, none, or no list."""

    status = 422
    code = "bad_domains"


@dataclass(frozen=True, slots=True)
class RecipeFault:
    """One thing that is wrong in a recipe."""

    message: str
    line: int | None = None  # of its file, from 1


class BadRecipe(BadRequest):
    """A recipe that cannot be read: one line for everything that is wrong in it, each with file and line."""

    code = "bad_recipe"

    def __init__(self, file: str, faults: Sequence[RecipeFault]) -> None:
        self.file, self.faults = file, tuple(faults)
        lines = [f"{file}:{fault.line}: {fault.message}" if fault.line else f"{file}: {fault.message}" for fault in faults]
        super().__init__("\n".join(lines))


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


class Outdated(Conflict):
    """It was changed since the caller read it: what If-Match names is not what is there."""

    status = 412
    code = "outdated"


class NameTaken(Conflict):
    """A second producer of one name."""

    close_code = 4000
    code = "name_taken"


class TooLarge(LivepaneError):
    """Over a limit in bytes or pixels."""

    status = 413
    close_code = 1009
    code = "too_large"


class UnsupportedMedia(LivepaneError):
    """A body in a form that is not taken."""

    status = 415
    close_code = 1003
    code = "unsupported_media"


class TooMany(LivepaneError):
    """Over a limit in number or rate."""

    status = 429
    close_code = 1013
    code = "too_many"


class TooManyTries(TooMany):
    """Too many wrong tokens were shown at the sign-in, or wrong codes where browsers are paired."""

    code = "too_many_tries"

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"too many wrong tokens or codes were tried from your address; try again in {retry_after} s")
        self.retry_after = retry_after  # seconds


class TooFast(TooMany):
    """More came than may come in the long run."""

    code = "too_fast"

    def __init__(self, limit: str, retry_after: int) -> None:
        super().__init__(f"{limit}; send less, and go on in {retry_after} s")
        self.retry_after = retry_after  # seconds


class NoRoom(TooMany):
    """All places are taken for now."""

    def __init__(self, limit: str, retry_after: int) -> None:
        super().__init__(limit)
        self.retry_after = retry_after  # seconds


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
