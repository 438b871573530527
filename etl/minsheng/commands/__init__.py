"""The commands of ``minsheng`` that are more than a few lines, one module each."""
