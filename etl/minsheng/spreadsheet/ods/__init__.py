"""OpenDocument spreadsheets, read without help: no library at hand tells how their cells are shown (docs/adr/0010)."""

from minsheng.spreadsheet.ods.document import read_ods
from minsheng.spreadsheet.ods.sheet import OdsSheet

__all__ = ["OdsSheet", "read_ods"]
