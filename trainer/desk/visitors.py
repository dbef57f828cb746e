"""Who sits at the desk: a signed cookie that expires, and the wait after a wrong passphrase."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from trainer.language import Language

IDLE_S = 30 * 60.0
"""A visitor who does nothing for this long has to come in again, where a passphrase is asked for."""
LONGEST_S = 12 * 3600.0
"""No visit is longer, however busy."""
_RENEW_S = 60.0
_FIRST_WAIT_S, _LONGEST_WAIT_S, _FREE_TRIES = 1.0, 60.0, 2
_MOST_COOKIE = 2000


@dataclass(frozen=True)
class Visitor:
    """Somebody at the desk.

    Attributes
    ----------
    id : str
        Random; names the visit.
    since, seen : float
        When the visit began and when it was last renewed, Unix seconds.
    entered : bool
        Whether the passphrase was given.
    facilitator_id : int or None
        Who grades; chosen on opening.
    language : {"id", "en"}
        Of the pages.
    blind : bool
        Whether the camera's results are kept from this visitor until the facilitator has signed.
    """

    id: str
    since: float
    seen: float
    entered: bool = False
    facilitator_id: int | None = None
    language: Language = "id"
    blind: bool = False


class Visits:
    """Makes and reads the cookie of a visit.

    The cookie holds the visit itself, signed: so a desk that is started again knows its visitors, and what they
    had typed can be sent again.

    Parameters
    ----------
    key : bytes
        Signs the cookies; another key ends all visits.
    language : {"id", "en"}
        Of new visitors.
    idle_s : float
        See `IDLE_S`.
    now : callable
        Unix seconds.
    """

    def __init__(
        self,
        key: bytes,
        language: Language = "id",
        idle_s: float = IDLE_S,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._key = key
        self._language = language
        self._idle_s = idle_s
        self._now = now
        self._ended: dict[str, float] = {}
        self._lock = threading.Lock()

    def fresh(self) -> Visitor:
        """Return a visitor who has just come."""
        now = self._now()
        return Visitor(secrets.token_urlsafe(12), now, now, language=self._language)

    def read(self, cookie: str | None) -> Visitor | None:
        """Return the visitor of a cookie; None for a cookie of nobody, forged, expired or ended."""
        if cookie is None or len(cookie) > _MOST_COOKIE:
            return None
        body, _, given = cookie.partition(".")
        if not hmac.compare_digest(self._mark(body).encode(), given.encode("utf-8", "replace")):
            return None
        try:
            visitor = Visitor(**json.loads(base64.urlsafe_b64decode(body)))
        except (ValueError, TypeError, binascii.Error):
            return None
        now = self._now()
        with self._lock:
            ended = visitor.id in self._ended
        late = now - visitor.seen > self._idle_s or now - visitor.since > LONGEST_S
        return None if ended or late else visitor

    def needs_renewal(self, visitor: Visitor) -> bool:
        """Whether the cookie should be written again, so that a busy visitor is not sent away."""
        return self._now() - visitor.seen > _RENEW_S

    def write(self, visitor: Visitor) -> str:
        """Return the cookie of a visitor, seen now."""
        fields: dict[str, Any] = {**visitor.__dict__, "seen": self._now()}
        body = base64.urlsafe_b64encode(json.dumps(fields, separators=(",", ":")).encode()).decode()
        return f"{body}.{self._mark(body)}"

    def enter(self, visitor: Visitor) -> Visitor:
        """Return the visitor, let in; under a new name, so that a cookie known before is worth nothing."""
        self.end(visitor)
        return replace(self.fresh(), entered=True, language=visitor.language)

    def end(self, visitor: Visitor) -> None:
        """Let no cookie of this visit in again."""
        now = self._now()
        with self._lock:
            self._ended = {name: at for name, at in self._ended.items() if now - at < LONGEST_S}
            self._ended[visitor.id] = now

    def _mark(self, body: str) -> str:
        digest = hmac.new(self._key, body.encode("utf-8", "replace"), hashlib.sha256).digest()
        return base64.urlsafe_b64encode(digest).decode().rstrip("=")


class RateLimiter:
    """Makes whoever guesses passphrases wait longer each time, one address apart from another.

    Parameters
    ----------
    now : callable
        Seconds, never going back.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._failed: dict[str, tuple[int, float]] = {}
        self._lock = threading.Lock()

    def wait_s(self, address: str) -> float:
        """Return for how many seconds that address may not try."""
        with self._lock:
            tries, at = self._failed.get(address, (0, 0.0))
        if tries <= _FREE_TRIES:
            return 0.0
        wait = min(_LONGEST_WAIT_S, _FIRST_WAIT_S * 2 ** (tries - _FREE_TRIES))
        return float(max(0.0, at + wait - self._now()))

    def failed(self, address: str) -> None:
        """Note a wrong passphrase."""
        now = self._now()
        with self._lock:
            self._failed = {a: f for a, f in self._failed.items() if now - f[1] < 10 * _LONGEST_WAIT_S}
            self._failed[address] = (self._failed.get(address, (0, 0.0))[0] + 1, now)

    def entered(self, address: str) -> None:
        """Forget the wrong ones of an address that came in."""
        with self._lock:
            self._failed.pop(address, None)
