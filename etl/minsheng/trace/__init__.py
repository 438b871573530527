"""Every number to its cell: the way back from what was published, by way of the judgement, to what a unit wrote."""

from minsheng.trace.asked import Asked, Question, ask
from minsheng.trace.dossier import make_dossier
from minsheng.trace.originals import export_originals
from minsheng.trace.page import dossier_page
from minsheng.trace.text import print_dossier

__all__ = ["Asked", "Question", "ask", "dossier_page", "export_originals", "make_dossier", "print_dossier"]
