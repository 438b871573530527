"""The one kind of error a user is meant to see."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Self, TypeVar


class UserError(Exception):
    """Something a person can put right: printed as its message, without a traceback.

    ``code`` names its sentence in ``words/errors.zh.yaml``, ``fields`` fill that in; ``where`` is the file, option or
    place it is about. Printed as ``where：problem → remedy [code]``, and below it the ``faults`` it sums up.
    """

    def __init__(self, code: str, where: object, /, **fields: object) -> None:
        self.code = code
        self.where = str(where)
        self.fields = fields
        self.faults: tuple[UserError, ...] = ()
        super().__init__(code, self.where)

    @property
    def problem(self) -> str:
        """What is wrong, in Chinese."""
        return self._filled("problem")

    @property
    def remedy(self) -> str:
        """What to do about it; empty where the problem says it."""
        return self._filled("remedy")

    def listing(self, faults: Iterable[UserError]) -> Self:
        """The same, with faults to be listed below it."""
        return _again(type(self), self.code, self.where, self.fields, faults)

    def at(self, where: object) -> Self:
        """The same of another place."""
        return _again(type(self), self.code, where, self.fields, self.faults)

    def __str__(self) -> str:
        head = f"{self.where}：{self.problem}" + (f" → {self.remedy}" if self.remedy else "") + f" [{self.code}]"
        return "\n  ".join([head, *map(str, self.faults)])

    def __reduce__(self) -> tuple[object, ...]:
        """So that it can be raised across processes."""
        return _again, (type(self), self.code, self.where, self.fields, self.faults)

    def _filled(self, part: str) -> str:
        from minsheng.words.errors import filled, sentences  # reading them may itself raise this

        return filled(getattr(sentences()[self.code], part), self.fields)


class CheckFailed(UserError):  # noqa: N818 - says what happened
    """What was built breaks a truth required of it, so it must not be published."""


class BusyError(UserError):
    """Another process, or a full disk, is in the way: waiting a little may be enough."""


class DamagedError(UserError):
    """Something kept in the home is lost or damaged: our fault, never that of a unit."""


_Kind = TypeVar("_Kind", bound=UserError)


def _again(
    kind: type[_Kind], code: str, where: object, fields: Mapping[str, object], faults: Iterable[UserError]
) -> _Kind:
    error = kind(code, where, **fields)
    error.faults = tuple(faults)
    return error
