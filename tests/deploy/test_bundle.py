"""What a bundle says of itself; that it installs without a network, ``python -m scripts.bundle --try`` shows."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import yaml

from minsheng.core.declarations import ROOT
from scripts.bundle import images, images_text, sums


def test_every_image_of_the_deployment_is_listed() -> None:
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    base = re.search(r"^ARG PYTHON_IMAGE=(\S+)$", (ROOT / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE)
    assert base is not None
    named = {service["image"] for service in compose["services"].values() if "@" in service["image"]} | {base[1]}
    assert set(images()) == named
    assert set(images_text().splitlines()[-len(named) :]) == named


def test_its_sums_are_those_that_sha256sum_checks(tmp_path: Path) -> None:
    (tmp_path / "wheels").mkdir()
    for name in ("a", "wheels/b.whl"):
        (tmp_path / name).write_text(name, encoding="utf-8")
    (tmp_path / "SHA256SUMS").write_text(sums(tmp_path), encoding="utf-8")
    check = ["sha256sum", "--check", "--quiet", "SHA256SUMS"]
    assert subprocess.run(check, cwd=tmp_path).returncode == 0
    (tmp_path / "wheels" / "b.whl").write_text("other", encoding="utf-8")
    assert subprocess.run(check, cwd=tmp_path, capture_output=True).returncode == 1
