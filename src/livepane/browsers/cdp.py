"""A small client of the Chrome DevTools Protocol: one connection to a browser, any number of sessions on it."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from livepane.browsers.session import CLOSED, Handler, Params
from livepane.browsers.transport import Transport
from livepane.domain.errors import LivepaneError, SourceGone, Unavailable

log = logging.getLogger(__name__)

_NO_SUCH_SESSION = -32001


class Session:
    """One target as this connection sees it; the CdpSession of our own connections."""

    def __init__(self, connection: CdpConnection, session_id: str | None) -> None:
        self.session_id = session_id
        self._connection = connection
        self._handlers: dict[str, list[Handler]] = {}
        self._reason: str | None = None  # why it has ended

    async def send(self, method: str, params: Params | None = None) -> dict[str, Any]:
        """See CdpSession.send."""
        if self._reason is not None:
            raise SourceGone(self._reason)
        return await self._connection.call(self.session_id, method, params)

    def post(self, method: str, params: Params | None = None) -> None:
        """Send a command and do not wait: what it answers is of no use to anybody."""
        if self._reason is None:
            self._connection.post(self.session_id, method, params)

    def on(self, event: str, handler: Handler) -> None:
        """See CdpSession.on."""
        self._handlers.setdefault(event, []).append(handler)

    def off(self, event: str, handler: Handler) -> None:
        """See CdpSession.off."""
        if handler in self._handlers.get(event, ()):
            self._handlers[event].remove(handler)

    def tell(self, event: str, params: dict[str, Any]) -> None:
        """Call the handlers of an event. One that fails is logged and stops neither the others nor the connection."""
        for handler in tuple(self._handlers.get(event, ())):
            try:
                handler(params)
            except Exception:
                log.exception("A handler of %s failed", event)

    def end(self, reason: str) -> None:
        """The target or the connection has ended."""
        if self._reason is None:
            self._reason = reason
            self.tell(CLOSED, {"reason": reason})


class CdpConnection:
    """Matches answers to commands and hands events to their sessions. Starts at once, on the running loop."""

    def __init__(self, transport: Transport, name: str = "The browser") -> None:
        self._transport = transport
        self._name = name
        self._last_id = 0
        self._waiting: dict[int, tuple[str | None, str, asyncio.Future[dict[str, Any]]]] = {}
        self._sessions: dict[str, Session] = {}
        self._open = True
        self.browser = Session(self, None)
        transport.start(self._on_message, self._on_closed)

    @property
    def is_open(self) -> bool:
        """False once the browser has gone or `close` was called."""
        return self._open

    async def attach(self, target_id: str) -> Session:
        """Open a session of a target.

        Raises:
            SourceGone: the browser has ended.
            Unavailable: the browser refused, such as for an unknown target.
        """
        answer = await self.browser.send("Target.attachToTarget", {"targetId": target_id, "flatten": True})
        session_id = answer["sessionId"]
        session = self._sessions.get(session_id)
        if session is None:  # attached and detached again before we woke
            raise SourceGone(f"{self._name} closed the page while it was being attached.")
        return session

    async def detach(self, session: Session) -> None:
        """Close a session and leave its target as it is. Silent when either has ended."""
        if session.session_id in self._sessions:
            self.browser.post("Target.detachFromTarget", {"sessionId": session.session_id})
            self._end_session(session.session_id, "The session was closed.")

    async def call(self, session_id: str | None, method: str, params: Params | None) -> dict[str, Any]:
        """Send a command and wait for its result: what Session.send does."""
        if not self._open:
            raise SourceGone(f"{self._name} has ended.")
        answer: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        call_id = self._last_id + 1  # waited for before it is sent: sending may find that the browser has gone
        self._waiting[call_id] = (session_id, method, answer)
        try:
            self.post(session_id, method, params)
            return await answer
        finally:
            self._waiting.pop(call_id, None)

    def post(self, session_id: str | None, method: str, params: Params | None) -> int:
        """Send a command and return its number."""
        self._last_id += 1
        message: dict[str, Any] = {"id": self._last_id, "method": method, "params": params or {}}
        if session_id is not None:
            message["sessionId"] = session_id
        self._transport.send(message)
        return self._last_id

    async def close(self) -> None:
        """End the connection; every pending command fails, every session hears that it is closed."""
        await self._transport.close()

    def _on_message(self, message: dict[str, Any]) -> None:
        call_id = message.get("id")
        if call_id is not None:
            _, method, answer = self._waiting.pop(call_id, (None, "", None))
            if answer is not None and not answer.done():
                if (refusal := message.get("error")) is not None:
                    answer.set_exception(self._refused(method, refusal))
                else:
                    answer.set_result(message.get("result", {}))
            return
        method, params = message["method"], message.get("params", {})
        if method == "Target.attachedToTarget":
            self._sessions[params["sessionId"]] = Session(self, params["sessionId"])
        session_id = message.get("sessionId")
        session = self.browser if session_id is None else self._sessions.get(session_id)
        if session is not None:
            session.tell(method, params)
        if method == "Target.detachedFromTarget":
            self._end_session(params["sessionId"], "The page was closed.")

    def _refused(self, method: str, refusal: dict[str, Any]) -> LivepaneError:
        said = refusal.get("message", "no reason given")
        if refusal.get("code") == _NO_SUCH_SESSION:
            return SourceGone("The page was closed.")
        detail = refusal.get("data")
        return Unavailable(f"{self._name} refused {method}: {said}{f' ({detail})' if detail else ''}")

    def _end_session(self, session_id: str | None, reason: str) -> None:
        if session_id is None or (session := self._sessions.pop(session_id, None)) is None:
            return
        for call_id, (owner, _, answer) in list(self._waiting.items()):
            if owner == session_id and not answer.done():
                answer.set_exception(SourceGone(reason))
                self._waiting.pop(call_id)
        session.end(reason)

    def _on_closed(self, reason: str) -> None:
        self._open = False
        sentence = f"{self._name} has ended: {reason}."
        for _, _, answer in self._waiting.values():
            if not answer.done():
                answer.set_exception(SourceGone(sentence))
        self._waiting.clear()
        for session_id in list(self._sessions):
            self._end_session(session_id, sentence)
        self.browser.end(sentence)
