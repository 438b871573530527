"""Reading what a unit sent: any workbook as cells with addresses. Judges nothing."""

from etl.reader.form import read_form
from etl.reader.lexicon import Lexicon, lexicon
from etl.reader.reading import ReadCell, Reading

__all__ = ["Lexicon", "ReadCell", "Reading", "lexicon", "read_form"]
