"""Beyond which marks a person is called."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from minsheng.core.settings import Settings


@dataclass(frozen=True)
class Marks:
    """The marks of an installation, from its settings; hours are hours at work."""

    disk_percent: int
    working_hours: int
    source_days: int
    backup_days: int
    certificate_days: int
    certificate: Path | None
    airflow_url: str | None

    @classmethod
    def of(cls, settings: Settings) -> Marks:
        """Those that the settings name."""
        return cls(
            settings.watch_disk_percent,
            settings.watch_working_hours,
            settings.watch_source_days,
            settings.watch_backup_days,
            settings.watch_certificate_days,
            settings.web_certificate,
            settings.airflow_url,
        )
