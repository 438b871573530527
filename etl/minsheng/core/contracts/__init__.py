"""YAML files held against their contracts: plan, form, rules, contacts and every word list are read through here.

``load`` gives the content of one file, or raises one UserError that lists every fault with file, line and key.
``read_part`` does the same for one of several files and returns the faults, so that all files are told at once.
"""

from minsheng.core.contracts.document import Document, Location, read_document, read_text
from minsheng.core.contracts.faults import (
    CodeChoice,
    KeyMeaning,
    allowed,
    lineage,
    literal_in,
    meaning_of,
    model_in,
    near,
    refuse,
)
from minsheng.core.contracts.loading import Part, load, read_part
from minsheng.core.contracts.scalars import values_of
from minsheng.core.contracts.types import Day, Flag, Hour, Shape, Strict, Values, written

__all__ = [
    "CodeChoice",
    "Day",
    "Document",
    "Flag",
    "Hour",
    "KeyMeaning",
    "Location",
    "Part",
    "Shape",
    "Strict",
    "Values",
    "allowed",
    "lineage",
    "literal_in",
    "load",
    "meaning_of",
    "model_in",
    "near",
    "read_document",
    "read_part",
    "read_text",
    "refuse",
    "values_of",
    "written",
]
