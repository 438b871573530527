"""OpenDocument spreadsheets, read without help: no library at hand tells how their cells are shown."""

from etl.reader.ods.document import read_ods
from etl.reader.ods.sheet import Sheet

__all__ = ["Sheet", "read_ods"]
