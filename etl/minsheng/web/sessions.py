"""The page's sessions: a cookie that names whose token was shown, signed, so that nothing need be kept of it."""

from __future__ import annotations

import hmac
from datetime import datetime, timedelta
from hashlib import sha256

from minsheng.web.tokens import Sender

LIFETIME = timedelta(hours=12)
_PARTS = 5


class Sessions:
    """Makes cookies and reads them; ``key`` is drawn when the service starts, so none outlives it."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def open(self, sender: Sender, moment: datetime) -> str:
        """The cookie of a session that begins now."""
        ends = int((moment + LIFETIME).timestamp())
        content = ".".join((sender.county, sender.unit_code, sender.token_id, str(ends)))
        return f"{content}.{self._signed('session', content)}"

    def sender(self, cookie: str, moment: datetime) -> Sender | None:
        """Whose session it is; None for one that is over, or that we have not made."""
        parts = cookie.split(".")
        content, _, signature = cookie.rpartition(".")
        if len(parts) != _PARTS or not hmac.compare_digest(
            signature.encode(), self._signed("session", content).encode()
        ):
            return None
        county, unit_code, token_id, ends, _ = parts
        return Sender(county, unit_code, token_id) if moment.timestamp() < int(ends) else None

    def form_key(self, cookie: str) -> str:
        """What a form of this session carries, so that no other site's form is taken for it."""
        return self._signed("form", cookie)

    def is_form_key(self, cookie: str, given: str) -> bool:
        """Whether a form is of this session."""
        return hmac.compare_digest(given.encode(errors="replace"), self.form_key(cookie).encode())

    def _signed(self, purpose: str, content: str) -> str:
        return hmac.new(self._key, f"{purpose}\n{content}".encode(errors="replace"), sha256).hexdigest()
