"""``make bundle``: all that a server without the internet needs, in one file; ``--try`` installs it without a network.

In it: the project as it is committed, every package of ``requirements-deploy.lock`` as a file, our own wheel, the list
of images by digest, and the hash of each file. Packages are fetched for this machine's Python and kind of processor.
Exit 0: made, or tried and well; 2: something is missing (docs/adr/0043).
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Sequence
from pathlib import Path

from minsheng import __version__
from minsheng.core.errors import UserError
from minsheng.core.files import digest
from minsheng.views.terminal import console
from scripts.local_airflow import ROOT

NAME = f"minsheng-{__version__}"
_LOCK = "requirements-deploy.lock"
_SUMS = "SHA256SUMS"
# The lock is whole, and pip must not look for more: it would ask for the newest of what is named with an extra.
_LOCKED = ("--require-hashes", "--no-deps")
_IMAGE = re.compile(r"[\w./-]+:v?\d[\w.-]*@sha256:[0-9a-f]{64}")
_CARRYING = """\
# The images of docker-compose.yml. With a network: docker pull each, then
#   docker compose build && docker save --output images.tar minsheng-airflow:{version} {images}
# without it: docker load --input images.tar
"""


def main() -> int:
    """Exit code of ``make bundle``."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--try", dest="tried", type=Path, help="install this bundle without a network, run a month")
    options.add_argument("--out", type=Path, default=ROOT / "var" / "bundle")
    asked = options.parse_args()
    try:
        if asked.tried:
            try_bundle(asked.tried)
            console.print("不联网安装完成，一个月已办完")
        else:
            console.print(f"已打包 {make_bundle(asked.out)}", markup=False)
    except UserError as error:
        console.print(str(error), style="red", markup=False, soft_wrap=True)
        return 2
    return 0


def make_bundle(out: Path) -> Path:
    """Make the bundle below ``out``; gives the file."""
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out) as scratch:
        folder = Path(scratch) / NAME
        folder.mkdir()
        _project(folder)
        _wheels(folder)
        (folder / "IMAGES.txt").write_text(images_text(), encoding="utf-8")
        (folder / _SUMS).write_text(sums(folder), encoding="utf-8")
        made = out / f"{NAME}.tar"
        with tarfile.open(made, "w") as bundle:
            bundle.add(folder, NAME)
    return made


def images() -> list[str]:
    """Every image that is not our own, by digest."""
    named = (ROOT / name for name in ("docker-compose.yml", "Dockerfile"))
    return sorted({image for path in named for image in _IMAGE.findall(path.read_text(encoding="utf-8"))})


def images_text() -> str:
    """The list of images, and how they are carried over."""
    return _CARRYING.format(version=__version__, images=" ".join(images())) + "\n".join(images()) + "\n"


def sums(folder: Path) -> str:
    """The hash of every file below a folder, as sha256sum checks it."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != _SUMS)
    return "".join(f"{digest(path)}  {path.relative_to(folder)}\n" for path in files)


def try_bundle(bundle: Path) -> None:
    """Install a bundle where there is no network but loopback, as docs/deploy.md says, and take a month through."""
    with tempfile.TemporaryDirectory() as scratch:
        with tarfile.open(bundle) as packed:
            packed.extractall(scratch, filter="data")
        folder = Path(scratch) / NAME
        _run(["sha256sum", "--check", "--quiet", _SUMS], folder)
        pip = [".venv/bin/python", "-m", "pip", "install", "--quiet", "--no-index"]
        (wheel,) = (folder / "dist").glob("*.whl")
        month = [
            "--plan",
            "plans/lushan-2022",
            "--period",
            "2022-01",
            "--inbox",
            "examples/lushan-2022/2022-02-07T1730",
        ]
        for command in (
            [sys.executable, "-m", "venv", ".venv"],
            [*pip, "--find-links", "wheels", *_LOCKED, "--requirement", _LOCK],
            [*pip, "--no-deps", str(wheel)],
            [".venv/bin/python", "-m", "pip", "check"],
            [".venv/bin/minsheng", "run", *month, "--home", "home", "--as-of", "2022-02-08T09:00"],
            [".venv/bin/minsheng", "verify", "--home", "home"],
        ):
            _run(["unshare", "--net", "--map-root-user", *command], folder)


def _project(folder: Path) -> None:
    packed = folder / "project.tar"
    _run(["git", "archive", "--output", str(packed), "HEAD"], ROOT)
    with tarfile.open(packed) as project:
        project.extractall(folder, filter="data")
    packed.unlink()


def _wheels(folder: Path) -> None:
    """Every package of the lock, held against its hashes, and ours."""
    download = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", *_LOCKED]
    _run([*download, "--requirement", _LOCK, "--dest", "wheels"], folder)
    if sources := sorted(path.name for path in (folder / "wheels").iterdir() if path.suffix != ".whl"):
        raise UserError("bundle_needs_building", "wheels", packages=sources)
    _run([sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", "dist"], folder)


def _run(command: Sequence[str], folder: Path) -> None:
    if shutil.which(command[0]) is None:
        raise UserError("command_missing", command[0])
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if done.returncode:
        last = (done.stderr.strip() or done.stdout.strip()).splitlines()[-1:]
        raise UserError("command_failed", " ".join(command[:6]), reason="".join(last))


if __name__ == "__main__":
    sys.exit(main())
