"""What docs/deploy.md and docs/security.md name is there, and nothing they should name is left out."""

from __future__ import annotations

import re

import yaml

from minsheng.core.declarations import ROOT

DEPLOY, SECURITY = ((ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8") for name in ("deploy", "security"))
COMPOSE = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")


def test_each_test_that_is_said_to_hold_a_threat_is_there() -> None:
    named = set(re.findall(r"`(tests/[\w/.]+)`", SECURITY))
    assert len(named) > 20
    assert [path for path in sorted(named) if not (ROOT / path).exists()] == []


def test_every_service_is_told_of() -> None:
    services = yaml.safe_load(COMPOSE)["services"]
    assert [name for name in services if f"`{name}`" not in DEPLOY] == []


def test_what_may_stand_in_env_is_what_compose_asks_for() -> None:
    asked = {name for name in re.findall(r"\$\{(\w+)", COMPOSE) if not name.startswith("MINSHENG_")}
    head = COMPOSE.partition("name: minsheng")[0]
    assert asked | {"COMPOSE_PROFILES"} == set(re.findall(r"\b[A-Z]+(?:_[A-Z]+)*\b", head)) & (
        asked | {"COMPOSE_PROFILES"}
    )


def test_the_roles_are_those_airflow_is_given() -> None:
    settings = (ROOT / "deploy" / "airflow.env").read_text(encoding="utf-8")
    roles = re.findall(r'"(\w+)":\[\{"action"', settings)
    assert sorted(roles) == ["数据组", "查看", "督查"]
    assert f"| | {' | '.join(['查看', '督查', '数据组'])} | Admin |" in SECURITY
