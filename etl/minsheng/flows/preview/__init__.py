"""Letters and answers as they would look, made up for a month and a unit."""

from minsheng.flows.preview.composing import KINDS, preview

__all__ = ["KINDS", "preview"]
