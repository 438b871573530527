"""docker-compose.yml, held against the compose schema, a linter, our image and Airflow itself. No engine runs here."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic_settings import DotEnvSettingsSource

from minsheng.core.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = ROOT / "docker-compose.yml"
TOOLS = Path(sys.executable).parent
# What the images we did not build bring along.
FOREIGN_COMMANDS = {"postgres": {"pg_isready"}, "mail": {"/mailpit"}}
IN_EVERY_DEBIAN = {"bash", "cat", "install"}


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    """The file with its anchors resolved."""
    found: dict[str, Any] = yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))
    return found


@pytest.mark.parametrize(
    "command",
    [
        ["check-jsonschema", "--builtin-schema", "vendor.compose-spec", str(COMPOSE)],
        ["yamllint", "--strict", str(COMPOSE)],
    ],
    ids=["schema", "lint"],
)
def test_tools_accept_it(command: list[str]) -> None:
    done = subprocess.run([TOOLS / command[0], *command[1:]], cwd=ROOT, capture_output=True, text=True)

    assert done.returncode == 0, done.stdout + done.stderr


def test_every_service_says_when_it_is_well_or_ends(compose: dict[str, Any]) -> None:
    services = compose["services"]
    awaited_to_end = {
        name
        for service in services.values()
        for name, wait in service.get("depends_on", {}).items()
        if wait["condition"] == "service_completed_successfully"
    }
    awaited_healthy = {
        name
        for service in services.values()
        for name, wait in service.get("depends_on", {}).items()
        if wait["condition"] == "service_healthy"
    }

    assert awaited_to_end == {"init"}
    assert {name for name, service in services.items() if "healthcheck" not in service} == {"init"}
    assert all("restart" in service for service in services.values())
    assert awaited_healthy <= {name for name, service in services.items() if "healthcheck" in service}


def test_images_are_pinned(compose: dict[str, Any]) -> None:
    tags = {name: service["image"].rpartition(":")[2] for name, service in compose["services"].items()}
    base = re.search(r"^ARG PYTHON_IMAGE=python:(\S+)$", _dockerfile(), re.MULTILINE)

    assert {name for name, tag in tags.items() if not re.match(r"v?\d+\.\d+", tag)} == set()
    assert base is not None and re.match(r"3\.\d+\.\d+-slim-", base[1])


def test_secrets_come_from_files_only(compose: dict[str, Any]) -> None:
    secrets = compose["secrets"]
    used = {name for service in compose["services"].values() for name in service.get("secrets", [])}

    assert used == set(secrets)
    assert all(set(secret) == {"file"} and secret["file"].startswith("./secrets/") for secret in secrets.values())
    for name, service in compose["services"].items():
        for key, value in service["environment"].items():
            if re.search(r"PASSWORD|SECRET|KEY|CONN", key) and not key.startswith("AIRFLOW__SECRETS__"):
                assert re.search(r"(_CMD|_FILE|S_FILE)$", key), f"{name}: {key} holds a secret in the open"
            for path in re.findall(r"/run/secrets/([\w.]+)", str(value)):
                assert path in used, f"{name}: {key} reads {path}, which is no secret"


def test_what_a_service_reads_of_its_secrets_it_is_given(compose: dict[str, Any]) -> None:
    for name, service in compose["services"].items():
        command = str(service.get("command", ""))
        wanted = re.findall(r"/run/secrets/([\w.]+)", command + json.dumps(service["environment"]))
        assert set(wanted) <= set(service["secrets"] if wanted else []), name


def test_volumes_are_declared_and_the_dags_cannot_be_written(compose: dict[str, Any]) -> None:
    mounts = [
        mount.split(":", 1) for service in compose["services"].values() for mount in map(_plain, service["volumes"])
    ]

    named = {source for source, _ in mounts if not source.startswith((".", "/"))}
    assert named == set(compose["volumes"])
    assert {target for source, target in mounts if source == "./dags"} == {"/opt/minsheng/dags:ro"}
    assert {source for source, _ in mounts if source.startswith("./")} == {
        "./dags",
        "./plans",
        "./var/home",
        "./var/inbox",
    }


def test_only_who_runs_the_tasks_or_takes_files_in_sees_the_home(compose: dict[str, Any]) -> None:
    services = compose["services"]
    with_home = {
        name
        for name, service in services.items()
        if any("/var/lib/minsheng/home" in mount for mount in service["volumes"])
    }

    assert with_home == {"scheduler", "web"}
    assert "secrets" not in services["web"]


def test_only_the_own_machine_reaches_the_ports(compose: dict[str, Any]) -> None:
    ports = [port for service in compose["services"].values() for port in service.get("ports", [])]

    assert len(ports) == 3
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_commands_exist_in_the_image(compose: dict[str, Any]) -> None:
    for name, service in compose["services"].items():
        allowed = FOREIGN_COMMANDS.get(name, IN_EVERY_DEBIAN | {path.name for path in TOOLS.iterdir()})
        commands = [service.get("command", []), service.get("healthcheck", {}).get("test", ["CMD"])[1:]]
        for program in (command[0] for command in commands if command):
            assert program in allowed, f"{name}: {program} is not in its image"


def test_airflow_knows_the_commands(compose: dict[str, Any]) -> None:
    text = json.dumps([service.get("command", []) for service in compose["services"].values()])
    asked = set(re.findall(r"airflow (\w+ (?:migrate|set)\b|api-server|scheduler)", text.replace('", "', " ")))
    assert asked == {"db migrate", "pools set", "api-server", "scheduler"}

    listed = subprocess.run([TOOLS / "airflow", "--help"], capture_output=True, text=True, check=True).stdout
    assert all(re.search(rf"^\s+{re.escape(command.split()[0])}\b", listed, re.MULTILINE) for command in asked)


def test_airflow_options_exist(compose: dict[str, Any]) -> None:
    options = {
        key.removesuffix("_CMD").removeprefix("AIRFLOW__").lower()
        for service in compose["services"].values()
        for key in service["environment"]
        if key.startswith("AIRFLOW__")
    }
    script = (
        "import json, sys; from airflow.configuration import conf\n"
        "known = conf.configuration_description\n"
        "pairs = [name.split('__', 1) for name in json.load(sys.stdin)]\n"
        "print([f'{s}.{o}' for s, o in pairs if o not in known.get(s, {'options': {}})['options']])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], input=json.dumps(sorted(options)), capture_output=True, text=True, check=True
    )

    assert done.stdout.strip() == "[]"


def test_a_task_finds_the_mail_connection_in_its_secret(compose: dict[str, Any], tmp_path: Path) -> None:
    example = re.search(r"secrets/connections\.json\s+(\{.*?\}\}\})", _uncommented(), re.DOTALL)
    assert example is not None
    (tmp_path / "connections.json").write_text(example[1], encoding="utf-8")
    env = {
        key: str(value).replace("/run/secrets", str(tmp_path))
        for key, value in compose["services"]["scheduler"]["environment"].items()
        if key.startswith("AIRFLOW__SECRETS__")
    }
    script = (
        "from airflow.sdk.execution_time.supervisor import ensure_secrets_backend_loaded as backends\n"
        "found = [c for b in backends() if (c := b.get_connection('minsheng_smtp'))]\n"
        "print(found[0].host, found[0].port)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=os.environ | env | {"AIRFLOW_HOME": str(tmp_path), "_AIRFLOW_PROCESS_CONTEXT": "client"},
        capture_output=True,
        text=True,
    )

    assert done.stdout.strip().endswith("mail 1025"), done.stderr


def test_the_example_settings_are_settings() -> None:
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").replace("# MINSHENG_", "MINSHENG_")
    names = re.findall(r"^MINSHENG_(\w+)=", lines, re.MULTILINE)

    assert sorted(name.lower() for name in names) == sorted(Settings.model_fields)
    read = DotEnvSettingsSource(Settings, env_file=ROOT / ".env.example")()
    assert read["inbox"] == "./var/inbox"


def test_the_image_is_built_from_the_lock_and_names_no_index() -> None:
    dockerfile = _dockerfile()

    assert "--require-hashes" in dockerfile
    assert "requirements.lock" in dockerfile
    assert re.search(r"^ARG PIP_INDEX_URL=$", dockerfile, re.MULTILINE)
    assert "://" not in dockerfile
    copied = re.findall(r"^COPY (\w[\w/.]*)/? ", dockerfile, re.MULTILINE)
    assert copied and all((ROOT / path).exists() for path in copied)


def _dockerfile() -> str:
    return (ROOT / "Dockerfile").read_text(encoding="utf-8")


def _uncommented() -> str:
    return re.sub(r"^#", "", COMPOSE.read_text(encoding="utf-8"), flags=re.MULTILINE)


def _plain(mount: str) -> str:
    """A mount with the defaults of its variables."""
    return re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", mount)
