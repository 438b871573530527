"""The one kind of error a user is meant to see."""

from __future__ import annotations


class UserError(Exception):
    """Something a person can put right: printed as its message, without a traceback.

    The message says where, what is wrong, what was allowed and what to do next.
    """

    def __init__(self, where: str, problem: str, remedy: str = "") -> None:
        self.where = where
        self.problem = problem
        self.remedy = remedy
        super().__init__(f"{where}: {problem}" + (f" → {remedy}" if remedy else ""))

    def __reduce__(self) -> tuple[type[UserError], tuple[str, str, str]]:
        """So that it can be raised across processes."""
        return type(self), (self.where, self.problem, self.remedy)


class CheckFailed(UserError):  # noqa: N818 - says what happened
    """What was built breaks a truth required of it, so it must not be published."""


class BusyError(UserError):
    """Another process, or a full disk, is in the way: waiting a little may be enough."""


class DamagedError(UserError):
    """Something kept in the home is lost or damaged: our fault, never that of a unit."""
