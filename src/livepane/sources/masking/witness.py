"""What the documents of one page say of the parts that are to be painted over, asked over a CDP session."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from livepane.browsers.session import CLOSED, CdpSession
from livepane.deadline import within
from livepane.domain.errors import LivepaneError, Unavailable
from livepane.media.patch import Patch
from livepane.sources.masking.notes import Document
from livepane.sources.masking.reckoning import Size, Unknown, patches
from livepane.sources.masking.script import WORLD, script

TRIES = 4  # to ask a document: one for each that may have gone meanwhile, and one for what has to be put into it first
DOUBTED_FOR = 1.0  # s until a frame that does not answer is looked up anew: a moved one has another id
ELSEWHERE = 1.0  # s for an answer of a frame in another process: one out of view is not drawn, and calls nobody back
GROUP = "livepane-mask"

Attach = Callable[[str], Awaitable[CdpSession]]


class Witness:
    """Of one page, for as long as its session lasts. Nothing is changed in the page, and its own script sees nothing of it."""

    def __init__(self, session: CdpSession, selectors: Sequence[str] = (), attach: Attach | None = None) -> None:
        """`selectors`: CSS, of what is painted over beside password fields; in the page, its frames and open shadow trees.

        `attach`: opens a session of a frame that lives in another process, by its id; raises LivepaneError when it does not.
        """
        self.selectors = tuple(selectors)
        self._session, self._attach = session, attach
        self._main: str | None = None  # the id of the page's own frame
        self._elsewhere: dict[str, CdpSession] = {}  # of frames in other processes
        self._worlds: dict[str, tuple[CdpSession, int]] = {}  # the execution context of each frame
        self._documents: dict[str, Document] = {}
        self._doubted_at = float("-inf")
        self._beginning: asyncio.Task[None] | None = None

    @property
    def is_needed(self) -> bool:
        """Whether there is, or may at any moment be, something to paint over."""
        return bool(self.selectors) or any(document.has_fields for document in self._documents.values())

    @property
    def is_learning(self) -> bool:
        """Whether a frame was found that is not known yet: the next look asks it."""
        return any(document.strange for document in self._documents.values())

    def begin(self) -> asyncio.Task[None]:
        """From now on every document is witnessed from its first moment. A page on its way to its next address answers there."""
        if self._beginning is None or (self._beginning.done() and (self._beginning.cancelled() or self._beginning.exception())):
            self._beginning = asyncio.get_running_loop().create_task(_begin(self._session), name="mask witness")
            self._beginning.add_done_callback(lambda task: task.cancelled() or task.exception())  # `look` says what it is
        return self._beginning

    def end(self) -> None:
        """Nobody asks any more; the session goes, or has gone."""
        if self._beginning is not None:
            self._beginning.cancel()

    async def look(self, *, strictly: bool, waits: bool) -> None:
        """Ask all documents what they have noted.

        Args:
            strictly: they are to note every frame from now on, for three seconds.
            waits: until the page has painted once more: then they know all that a picture can show which is here by now.

        Raises:
            Unavailable: the page goes somewhere else at this moment.
            SourceGone: the page has ended.
        """
        await asyncio.shield(self.begin())
        if self._main is None:
            self._main = (await self._session.send("Page.getFrameTree"))["frameTree"]["frame"]["id"]
        try:
            await self._ask(self._main, self._session, strictly=strictly, waits=waits)
        except Unavailable:
            self._main = None
            raise
        now = time.monotonic()
        may_doubt = now - self._doubted_at >= DOUBTED_FOR
        seen, failed = {self._main}, set[str]()
        below = self._frames_in(self._main, self._session)
        while below:
            frame, session = below.popitem()
            if frame in seen:
                continue
            seen.add(frame)
            there = await self._ask_below(frame, session, strictly=strictly, waits=waits, may_attach=may_doubt)
            if there is None:  # it cannot be looked into, or is no frame any more: it is painted over as a whole
                self._documents.pop(frame, None)
                failed.add(frame)
            else:
                below |= self._frames_in(frame, there)
        for gone in self._documents.keys() - seen:
            del self._documents[gone]
        if failed and may_doubt:
            self._doubted_at = now
        await self._name(seen - failed, failed if may_doubt else set())

    def patches(self, since: float, width: int, height: int, whole: Size | None = None) -> list[Patch]:
        """What is to be painted over in a picture that was taken at or after `since`; see reckoning.patches."""
        if self._main is None:
            raise Unknown("the page has just gone somewhere else")
        return patches(self._documents, self._main, since, width, height, whole)

    def is_drawn(self, since: float) -> bool:
        """Whether all that is to be seen since then is of the documents that are there now."""
        return all(document.is_drawn(since) for document in self._documents.values())

    def _frames_in(self, frame: str, session: CdpSession) -> dict[str, CdpSession]:
        newest = self._documents[frame].newest
        return {} if newest is None else {one.id: session for one in newest.frames if one.id is not None}

    async def _ask_below(
        self, frame: str, session: CdpSession, *, strictly: bool, waits: bool, may_attach: bool
    ) -> CdpSession | None:
        """Over which session a frame in the page has answered; None: over none."""
        if frame not in self._elsewhere:
            try:
                await self._ask(frame, session, strictly=strictly, waits=False)  # it draws together with what it is in
                return session
            except Unavailable:
                if not may_attach:
                    return None
        try:
            async with within(ELSEWHERE):
                other = self._elsewhere.get(frame) or await self._reach(frame)
                await self._ask(frame, other, strictly=strictly, waits=waits)
                return other
        except (LivepaneError, TimeoutError):
            return None

    async def _reach(self, frame: str) -> CdpSession:
        if self._attach is None:
            raise Unavailable("frames of other processes are not looked into here")
        session = self._elsewhere[frame] = await self._attach(frame)
        session.on(CLOSED, lambda _: self._elsewhere.pop(frame, None))
        await _begin(session)
        return session

    async def _ask(self, frame: str, session: CdpSession, *, strictly: bool, waits: bool) -> None:
        for _ in range(TRIES):
            known = self._worlds.get(frame)
            try:
                world = known[1] if known is not None and known[0] is session else await self._enter(frame, session)
                said = await self._report(frame, session, world, strictly=strictly, waits=waits)
                if said is None:  # it was there before us
                    await _evaluate(session, world, script())
                    continue
            except Unavailable:
                if self._worlds.pop(frame, None) is None:
                    raise  # there is no such frame here
                continue  # its document has gone; there may be another
            document = self._documents.get(frame)
            if document is None or document.token != said["token"]:
                document = self._documents[frame] = Document(said["token"])
            document.hear(said, time.monotonic())
            return
        raise Unavailable("the page goes from address to address")

    async def _enter(self, frame: str, session: CdpSession) -> int:
        self._worlds.pop(frame, None)
        wanted = {"frameId": frame, "worldName": WORLD}
        world: int = (await session.send("Page.createIsolatedWorld", wanted))["executionContextId"]
        self._worlds[frame] = (session, world)
        return world

    async def _report(self, frame: str, session: CdpSession, world: int, *, strictly: bool, waits: bool) -> dict[str, Any] | None:
        document = self._documents.get(frame)
        confirmed = 0 if document is None else document.confirmed
        arguments = json.dumps([list(self.selectors), confirmed, strictly, waits])
        said: dict[str, Any] | None = await _evaluate(session, world, f"globalThis.livepane?.report(...{arguments}) ?? null")
        return said

    async def _name(self, frames: set[str], doubtful: set[str]) -> None:
        """Tell documents the ids of the frames in them, where that is not known, or may be another one by now."""
        for frame in frames:
            document = self._documents[frame]
            newest = document.newest
            again = {one.id for one in newest.frames if one.id in doubtful} if newest is not None else set()
            if document.strange or again:
                await _name_in(*self._worlds[frame], sorted(one for one in again if one))


async def _begin(session: CdpSession) -> None:
    await session.send("Page.enable")
    source = {"source": script(), "worldName": WORLD, "runImmediately": True}
    await session.send("Page.addScriptToEvaluateOnNewDocument", source)


async def _evaluate(session: CdpSession, world: int, expression: str) -> Any:
    asked = {"expression": expression, "contextId": world, "returnByValue": True, "awaitPromise": True}
    answer = await session.send("Runtime.evaluate", asked)
    if (trouble := answer.get("exceptionDetails")) is not None:
        said = trouble.get("exception", {}).get("description") or trouble.get("text", "it failed")
        raise Unavailable(f"the page cannot be looked at: {str(said).partition(chr(10))[0]}")
    return answer["result"].get("value")


async def _name_in(session: CdpSession, world: int, doubtful: list[str]) -> None:
    asked = {"expression": f"livepane.strangers({json.dumps(doubtful)})", "contextId": world, "objectGroup": GROUP}
    try:
        listed = (await session.send("Runtime.evaluate", asked))["result"]["objectId"]
        found = await session.send("Runtime.getProperties", {"objectId": listed, "ownProperties": True})
        for one in found["result"]:
            if (element := one.get("value", {}).get("objectId")) is None or not one["name"].isdigit():
                continue
            node = (await session.send("DOM.describeNode", {"objectId": element}))["node"]
            named = {
                "objectId": element,
                "functionDeclaration": "function (id) { globalThis.livepane.name(this, id); }",
                "arguments": [{"value": node.get("frameId", "none")}],
            }
            await session.send("Runtime.callFunctionOn", named)
        await session.send("Runtime.releaseObjectGroup", {"objectGroup": GROUP})
    except (Unavailable, KeyError):  # it has just gone: then it is asked again with the next picture
        return
