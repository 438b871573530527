"""The names of an OpenDocument file's elements and attributes, as they are known here."""

from __future__ import annotations

import re
from functools import lru_cache

from minsheng.spreadsheet.xml import Attributes

# By what a name is known here, whatever prefix the file has for its namespace.
_NAMESPACE = re.compile(r"urn:(?:oasis:names:tc:opendocument|org:documentfoundation:names:experimental:calc):xmlns:")
_PREFIXES = {"datastyle": "number"}


@lru_cache(maxsize=4096)
def short(name: str) -> str:
    """``table:table`` for a name in the namespace of tables; a name in a namespace that says nothing here as it is."""
    namespace, _, own = name.rpartition(" ")
    found = _NAMESPACE.match(namespace)
    if found is None:
        return name
    prefix = namespace[found.end() :].partition(":")[0]
    return f"{_PREFIXES.get(prefix, prefix)}:{own}"


def shortened(attributes: Attributes) -> Attributes:
    """Attributes by their short names."""
    return {short(name): value for name, value in attributes.items()}
