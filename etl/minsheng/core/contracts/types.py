"""Types for the fields of a contract: text from a YAML file becomes a value in exactly one way, that of YAML 1.2.

pydantic alone would take ``yes`` and ``off`` for booleans and ``1640995200`` for a day; these types do not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, time
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict
from pydantic_core import PydanticCustomError, PydanticKnownError

from minsheng.core.contracts.scalars import FLAGS, values_of

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_HOUR = re.compile(r"\d{2}:\d{2}(:\d{2})?")


class Strict(BaseModel):
    """Frozen, and an unknown key is an error: a misspelt setting must not be a silent default."""

    # Compiled when something is first held against it: a command asks for few of all contracts.
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


def _true_or_false(value: object) -> object:
    if not isinstance(value, str):
        return value
    if value not in FLAGS:
        raise PydanticKnownError("bool_parsing")
    return FLAGS[value]


def _shaped(shape: re.Pattern[str], error: PydanticKnownError) -> BeforeValidator:
    def check(value: object) -> object:
        if isinstance(value, str) and not shape.fullmatch(value):
            raise error
        return value

    return BeforeValidator(check)


@dataclass(frozen=True)
class Shape:
    """The shape a text must have as a whole; ``expected`` says it in Chinese."""

    pattern: re.Pattern[str]
    expected: str

    def __call__(self, text: str) -> str:
        """The text; raises PydanticCustomError when it is written otherwise."""
        if not self.pattern.fullmatch(text):
            raise PydanticCustomError("written_otherwise", "{expected}", {"expected": self.expected})
        return text


def written(pattern: re.Pattern[str], expected: str) -> AfterValidator:
    """Text that must have this shape as a whole; ``expected`` says in Chinese what that is, for who wrote it wrong."""
    return AfterValidator(Shape(pattern, expected))


# ``true`` or ``false``, and no other word.
Flag = Annotated[bool, BeforeValidator(_true_or_false)]
# ``2022-12-31``.
Day = Annotated[date, _shaped(_DAY, PydanticKnownError("date_from_datetime_parsing", {"error": "not a day"}))]
# ``18:00``.
Hour = Annotated[time, _shaped(_HOUR, PydanticKnownError("time_parsing", {"error": "not an hour"}))]
# Anything, with numbers, booleans and nulls told from text as YAML 1.2 does.
Values = BeforeValidator(values_of)
