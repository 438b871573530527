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
from dotenv import dotenv_values
from pydantic_settings import DotEnvSettingsSource

from minsheng.core.settings import Settings
from scripts.make_secrets import make_secrets

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = ROOT / "docker-compose.yml"
TOOLS = Path(sys.executable).parent
AIRFLOW_ENV = {key: str(value) for key, value in dotenv_values(ROOT / "deploy" / "airflow.env").items()}
# What the images we did not build bring along.
FOREIGN_COMMANDS = {
    "postgres": {"pg_isready"},
    "mail": {"/mailpit"},
    "broker": {"valkey-server", "valkey-cli"},
    "proxy": {"caddy", "wget"},
}
IN_EVERY_DEBIAN = {"bash", "find"}
OURS = "minsheng-airflow:0.1.0"
AIRFLOWS_OWN = {"metadata_uri", "fernet_key", "jwt_secret", "api_secret_key"}
FOR_TASKS = AIRFLOWS_OWN | {"broker_url", "result_backend", "connections.json", "mail_server.yaml", "pgpass", "tls.crt"}
# Who is given which secret; whoever is not named here is given none.
SECRETS = {
    "postgres": {"postgres_password"},
    "broker": {"broker.conf"},
    "proxy": {"tls.crt", "tls.key"},
    "watch": {"mail_server.yaml", "tls.crt"},
    "scheduler": FOR_TASKS,
    "worker": FOR_TASKS,
    **dict.fromkeys(["init", "api-server", "dag-processor", "triggerer"], AIRFLOWS_OWN),
}


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    """The file with its anchors resolved."""
    found: dict[str, Any] = yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))
    for service in found["services"].values():
        service["environment"] = (
            AIRFLOW_ENV | service["environment"] if "env_file" in service else service["environment"]
        )
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


def test_images_are_pinned_by_digest(compose: dict[str, Any]) -> None:
    images = {service["image"] for service in compose["services"].values()} - {OURS}
    base = re.search(r"^ARG PYTHON_IMAGE=(\S+)$", _dockerfile(), re.MULTILINE)

    assert base is not None
    assert [
        image for image in (*images, base[1]) if not re.fullmatch(r"[\w./]+:v?\d[\w.-]+@sha256:[0-9a-f]{64}", image)
    ] == []


def test_every_service_has_bounds_and_no_right_it_does_not_need(compose: dict[str, Any]) -> None:
    for name, service in compose["services"].items():
        assert service["mem_limit"] and service["cpus"] and service["pids_limit"], name
        assert service["read_only"] and service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"] and "privileged" not in service, name
        assert service["logging"]["options"] == {"max-size": "10m", "max-file": "5"}, name
        assert {key for key in service if key == "cap_add"} <= ({"cap_add"} if name == "postgres" else set()), name
        assert service.get("user") == "50000:0" or name in ("postgres", "mail"), name


def test_who_needs_nothing_outside_reaches_nothing_outside(compose: dict[str, Any]) -> None:
    outside = {name for name, network in compose["networks"].items() if not (network or {}).get("internal")}
    reach = {name: set(service["networks"]) for name, service in compose["services"].items()}

    assert outside == {"door", "out"}
    assert {name for name, networks in reach.items() if networks & outside} == {
        "scheduler",
        "worker",
        "watch",
        "proxy",
        "mail",
    }
    # Units come as far as their page: not to the database, the broker, or whoever holds an account.
    assert reach["web"] == {"front"}
    assert {name for name, networks in reach.items() if "front" in networks} == {"proxy", "api-server", "web"}
    assert "back" not in reach["proxy"]


def test_each_service_is_given_the_secrets_it_needs_and_no_other(compose: dict[str, Any]) -> None:
    given = {name: set(service["secrets"]) for name, service in compose["services"].items() if "secrets" in service}
    assert given == SECRETS


def test_every_setting_reaches_whoever_runs_tasks(compose: dict[str, Any]) -> None:
    settings = {f"MINSHENG_{name.upper()}" for name in Settings.model_fields}
    of_the_page = {"MINSHENG_WEB_HOST", "MINSHENG_WEB_PORT", "MINSHENG_WEB_PROXIES", "MINSHENG_WEB_KEY"}
    for name in ("scheduler", "worker"):
        assert {key for key in compose["services"][name]["environment"] if key.startswith("MINSHENG_")} == (
            settings - of_the_page
        )
    for name, service in compose["services"].items():
        assert {key for key in service["environment"] if key.startswith("MINSHENG_")} <= settings, name


def test_secrets_come_from_files_only(compose: dict[str, Any]) -> None:
    secrets = compose["secrets"]
    used = {name for service in compose["services"].values() for name in service.get("secrets", [])}

    assert used == set(secrets)
    assert all(set(secret) == {"file"} and secret["file"].startswith("./secrets/") for secret in secrets.values())
    for name, service in compose["services"].items():
        for key, value in service["environment"].items():
            if re.search(r"PASSWORD|SECRET|KEY|CONN|BROKER|BACKEND$", key) and not key.startswith("AIRFLOW__SECRETS__"):
                assert re.search(r"(_CMD|_FILE)$", key), f"{name}: {key} holds a secret in the open"
            for path in re.findall(r"/run/secrets/([\w.]+)", str(value)):
                assert path in used, f"{name}: {key} reads {path}, which is no secret"


def test_what_a_service_reads_of_its_secrets_it_is_given(compose: dict[str, Any]) -> None:
    for name, service in compose["services"].items():
        command = str(service.get("command", ""))
        wanted = re.findall(r"/run/secrets/([\w.]+)", command + json.dumps(service["environment"]))
        assert set(wanted) <= set(service["secrets"] if wanted else []), name


def test_volumes_are_declared_and_no_code_can_be_written(compose: dict[str, Any]) -> None:
    mounts = [
        mount.split(":", 1)
        for service in compose["services"].values()
        for mount in map(_plain, service.get("volumes", []))
    ]

    named = {source for source, _ in mounts if not source.startswith((".", "/"))}
    assert named == set(compose["volumes"])
    assert {source for source, target in mounts if source.startswith("./") and not target.endswith(":ro")} == {
        "./var/home",
        "./var/backups",
    }


def test_only_who_runs_the_tasks_watches_or_takes_files_in_writes_the_home(compose: dict[str, Any]) -> None:
    writers = {
        name
        for name, service in compose["services"].items()
        if any(mount.endswith("/var/lib/minsheng/home") for mount in service.get("volumes", []))
    }
    assert writers == {"scheduler", "worker", "watch", "web"}


def test_only_the_proxy_and_the_catcher_are_reached_and_from_this_machine_alone(compose: dict[str, Any]) -> None:
    ports = {name: service["ports"] for name, service in compose["services"].items() if "ports" in service}
    assert ports.keys() == {"proxy", "mail"}
    assert all(re.sub(r"\$\{\w+:-", "", port).startswith("127.0.0.1") for found in ports.values() for port in found)


def test_commands_exist_in_the_image(compose: dict[str, Any]) -> None:
    for name, service in compose["services"].items():
        allowed = FOREIGN_COMMANDS.get(name, IN_EVERY_DEBIAN | {path.name for path in TOOLS.iterdir()})
        commands = [_words(service.get("command", [])), _words(service.get("healthcheck", {}).get("test", ["CMD"])[1:])]
        for program in (command[0] for command in commands if command):
            assert program in allowed, f"{name}: {program} is not in its image"


def test_airflow_knows_the_commands(compose: dict[str, Any]) -> None:
    text = json.dumps([service.get("command", []) for service in compose["services"].values()])
    asked = set(
        re.findall(
            r"airflow (\w+ (?:migrate|set|worker)\b|api-server|scheduler|triggerer|dag-processor)",
            text.replace('", "', " "),
        )
    )
    assert asked == {
        "db migrate",
        "pools set",
        "api-server",
        "scheduler",
        "triggerer",
        "dag-processor",
        "celery worker",
    }

    celery = {"AIRFLOW__CORE__EXECUTOR": "CeleryExecutor"}
    helped = [str(TOOLS / "airflow"), "--help"]
    listed = subprocess.run(helped, env=os.environ | celery, capture_output=True, text=True, check=True).stdout
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
        "from airflow.providers_manager import ProvidersManager\n"
        "known = dict(conf.configuration_description)\n"
        "for _, options in ProvidersManager().provider_configs: known |= options\n"
        "pairs = [name.split('__', 1) for name in json.load(sys.stdin)]\n"
        "print([f'{s}.{o}' for s, o in pairs if o not in known.get(s, {'options': {}})['options']])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], input=json.dumps(sorted(options)), capture_output=True, text=True, check=True
    )

    # Of one component: an option of [core] that may stand in the component's own section.
    assert done.stdout.strip() == "['scheduler.mp_start_method']"


def test_a_task_finds_the_mail_connection_in_its_secret(compose: dict[str, Any], tmp_path: Path) -> None:
    make_secrets(tmp_path, lambda _: None)
    env = {
        key: str(value).replace("/run/secrets", str(tmp_path / "secrets"))
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
    assert "requirements-deploy.lock" in dockerfile
    assert re.search(r"^ARG PIP_INDEX_URL=$", dockerfile, re.MULTILINE)
    assert "://" not in dockerfile
    copied = re.findall(r"^COPY (\w[\w/.]*)/? ", dockerfile, re.MULTILINE)
    assert copied and all((ROOT / path).exists() for path in copied)


def _dockerfile() -> str:
    return (ROOT / "Dockerfile").read_text(encoding="utf-8")


def _words(command: list[str]) -> list[str]:
    """A command as words; one that a shell takes apart is one word of its list."""
    return command[0].split() if len(command) == 1 and " " in command[0] else command


def _plain(mount: str) -> str:
    """A mount with the defaults of its variables."""
    return re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", mount)
