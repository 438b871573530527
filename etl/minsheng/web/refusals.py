"""What the service says no to: a status, and an error with its sentence in Chinese."""

from __future__ import annotations

import math

from minsheng.core.errors import UserError

# What an error of ours is about.
WHERE = "网上报送"


class Refused(Exception):  # noqa: N818 - an answer, no fault
    """The answer to a request that is not met. ``retry_seconds``: when it may be, if that is known."""

    def __init__(self, status: int, error: UserError, retry_seconds: float | None = None) -> None:
        super().__init__(error.code)
        self.status, self.error = status, error
        self.retry_seconds = None if retry_seconds is None else math.ceil(retry_seconds)

    @property
    def headers(self) -> dict[str, str]:
        """What goes with it."""
        headers = {} if self.retry_seconds is None else {"Retry-After": str(self.retry_seconds)}
        return headers | ({"WWW-Authenticate": "Bearer"} if self.status == 401 else {})
