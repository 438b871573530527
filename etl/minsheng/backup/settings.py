"""Which settings are in a backup: what the data team wrote, and nothing that opens a door."""

from __future__ import annotations

from pathlib import Path

from minsheng.core.settings import Settings

# Passwords stay out, also those in the address of a database: whoever holds a backup holds no key.
_FILES = ("plans", "contacts", "letters", "sources")


def settings_files(settings: Settings) -> dict[str, Path]:
    """The files and folders that the settings name and a backup takes along, by the name they get there."""
    named = {name: getattr(settings, name) for name in _FILES}
    return {f"{name}{path.suffix}": path for name, path in named.items() if path is not None and path.exists()}


def metadata_address(file: Path | None) -> str | None:
    """The address of Airflow's database, from the file that holds it: it has a password in it."""
    return file.read_text(encoding="utf-8").strip() if file else None
