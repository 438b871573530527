"""The one reader of the environment: settings of an installation, ``MINSHENG_*`` or a ``.env`` file."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from minsheng.core.errors import UserError


class Settings(BaseSettings):
    """What differs between installations; made once at the edge (CLI, DAG file) and passed down."""

    model_config = SettingsConfigDict(
        env_prefix="MINSHENG_", env_file=".env", dotenv_filtering="match_prefix", extra="forbid", frozen=True
    )

    plans: Path = Path("plans")
    home: Path = Path("var/home")
    inbox: Path = Path("var/inbox")
    contacts: Path | None = None
    mail_dry_run: bool = False
    postgres_url: str | None = Field(None, repr=False)  # may hold a password


def read_settings() -> Settings:
    """The settings in force; raises UserError naming every one that is wrong."""
    try:
        return Settings()
    except ValidationError as error:
        faults = "; ".join(f"{fault['loc'][0]}: {fault['msg']}" for fault in error.errors())
        allowed = ", ".join(f"MINSHENG_{name.upper()}" for name in Settings.model_fields)
        raise UserError(".env or MINSHENG_*", faults, f"known are {allowed}") from error
