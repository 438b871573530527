"""Personal data stays out: what a report must not hold, looked for before anything of the file is stored.

Found are places, never contents: neither numbers nor names leave this package. What counts, and why, stands in
``docs/adr/0024-what-the-guard-takes-for-personal-data.md``.
"""

from minsheng.guard.names import kept_name, storable_name, unnamed
from minsheng.guard.withholding import kind_in_words, withheld_reading, withhold

__all__ = ["kept_name", "kind_in_words", "storable_name", "unnamed", "withheld_reading", "withhold"]
