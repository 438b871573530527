"""The one reader of the environment: settings of an installation, ``MINSHENG_*`` or a ``.env`` file."""

from __future__ import annotations

from pathlib import Path

from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """What differs between installations; made once at the edge (CLI, DAG file) and passed down."""

    model_config = SettingsConfigDict(env_prefix="MINSHENG_", env_file=".env", extra="forbid", frozen=True)

    plan_dir: Path = Path("plans/lushan-2022")
    home: Path = Path("var/home")
    inbox: Path = Path("var/inbox")
    contacts: Path | None = None
    mail_from: str = "minsheng@localhost"
