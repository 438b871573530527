"""WHAT was promised, read from a folder under ``plans/``."""
