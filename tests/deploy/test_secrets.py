"""``make secrets``: each password once, for its reader alone."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
import yaml
from cryptography.fernet import Fernet
from sqlalchemy.engine import make_url

from minsheng.core.declarations import ROOT
from minsheng.core.errors import UserError
from scripts.make_secrets import make_secrets


def made_in(root: Path) -> dict[str, str]:
    make_secrets(root, lambda _: None)
    return {path.name: path.read_text() for path in (root / "secrets").iterdir() if path.is_file()}


def test_all_that_compose_names_is_made_and_fits(tmp_path: Path) -> None:
    found = made_in(tmp_path)
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    assert found.keys() == compose["secrets"].keys()
    assert {(tmp_path / "secrets" / name).stat().st_mode & 0o777 for name in found} == {0o400}
    assert (tmp_path / "secrets").stat().st_mode & 0o777 == 0o750

    assert make_url(found["metadata_uri"]).password == found["postgres_password"]
    assert make_url(found["result_backend"].removeprefix("db+")).password == found["postgres_password"]
    assert f"requirepass {make_url(found['broker_url']).password}\n" in found["broker.conf"]
    assert json.loads(found["connections.json"])["minsheng_smtp"]["host"] == "mail"
    Fernet(found["fernet_key"].encode())


def test_what_is_there_stays_and_what_is_missing_fits_it(tmp_path: Path) -> None:
    before = made_in(tmp_path)
    assert made_in(tmp_path) == before
    for name in ("broker_url", "metadata_uri", "jwt_secret"):
        (tmp_path / "secrets" / name).unlink()
    after = made_in(tmp_path)
    assert {name for name in before if before[name] != after[name]} == {"jwt_secret"}


def test_no_two_installations_have_one_in_common(tmp_path: Path) -> None:
    one, other = made_in(tmp_path / "one"), made_in(tmp_path / "other")
    same = {name for name in one if one[name] == other[name]}
    assert same == {"connections.json", "mail_server.yaml", "pgpass"}


def test_who_may_not_give_them_away_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "chown", refuse)
    with pytest.raises(UserError, match="root_needed"):
        make_secrets(tmp_path)
