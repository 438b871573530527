"""The one reader of the environment: settings of an installation, ``MINSHENG_*`` or a ``.env`` file."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, SettingsConfigDict

from minsheng.core.errors import UserError

_SETTINGS = "设置（.env、MINSHENG_*）"


class Settings(BaseSettings):
    """What differs between installations; made once at the edge (CLI, DAG file) and passed down."""

    model_config = SettingsConfigDict(
        env_prefix="MINSHENG_",
        env_file=".env",
        env_ignore_empty=True,
        dotenv_filtering="match_prefix",
        extra="forbid",
        frozen=True,
    )

    plans: Path = Path("plans")
    home: Path = Path("var/home")
    inbox: Path = Path("var/inbox")
    contacts: Path | None = None
    letters: Path | None = None
    bulletin: Path | None = None  # a county's own template in Word, or a folder with a <county>.docx each
    fonts: Path | None = None  # TrueType files to put into the bulletin's PDF
    approvers: str | None = None  # users of Airflow who may approve a bulletin, parted by commas
    mail_server: Path | None = None
    sources: Path | None = None  # a file, or with several counties a folder; none: the inbox is the source
    credentials: Path | None = None  # without Airflow: a folder with one file a connection
    mail_dry_run: bool = False
    backups: Path | None = None  # a folder on another disk
    backups_kept: int = Field(8, ge=1)
    revisions_kept: int = Field(30, ge=1)
    revisions_days: int = Field(90, ge=0)
    history_days: int = Field(90, ge=7)
    metadata: Path | None = None  # a file with the address of Airflow's database, which holds a password
    web_host: str = "127.0.0.1"
    web_port: int = 8090
    web_proxies: str = "127.0.0.1"
    web_certificate: Path | None = None
    web_key: Path | None = None
    # The watch: beyond which marks it calls a person (docs/adr/0039).
    alarms_to: str | None = None
    airflow_url: str | None = None
    watch_disk_percent: int = Field(10, ge=0, le=90)
    watch_working_hours: int = Field(10, ge=1, le=200)
    watch_source_days: int = Field(40, ge=1, le=400)
    watch_backup_days: int = Field(8, ge=1, le=400)
    watch_certificate_days: int = Field(21, ge=1, le=400)
    postgres_url: str | None = Field(None, repr=False)  # may hold a password
    spark: str | None = Field(None, repr=False)  # where counties are put together, sc://…; may hold a token


def read_settings() -> Settings:
    """The settings in force; raises UserError naming every one that is wrong."""
    try:
        return Settings()
    except ValidationError as error:
        faults = tuple(map(_fault, error.errors()))
        raise UserError("faults_found", _SETTINGS, count=len(faults)).listing(faults) from error


def _fault(error: ErrorDetails) -> UserError:
    """What is wrong with one setting; its value, which may hold a password, is not told."""
    from minsheng.core.contracts.faults import allowed, expected  # every DAG file reads this module, and never needs it

    name = _named(str(error["loc"][0]))
    if error["type"] == "extra_forbidden":
        return UserError("setting_unknown", name, options=allowed(name, map(_named, Settings.model_fields)))
    return UserError("setting_unfit", name, expected=expected(error))


def _named(setting: str) -> str:
    return f"MINSHENG_{setting.upper().removeprefix('MINSHENG_')}"
