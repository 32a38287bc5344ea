"""An image has what the wheel needs and nothing of this machine; its health follows the port."""

import fnmatch
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import dev
from server.version import DISTRIBUTION
from tests.docs.workshop import Workshop

ROOT = Path(dev.__file__).parent
DOCKERFILE = (ROOT / "deploy" / "Dockerfile").read_text().replace("\\\n", "")
SECRETS = ("skirmish.toml", ".state/secret", ".state/skirmish.sqlite3", "deploy/skirmish.toml")


def is_left_out(path: str) -> bool:
    """Whether Docker ignores a path: the last line that matches it or a folder above it decides."""
    parts = path.split("/")
    above = ["/".join(parts[:n]) for n in range(1, len(parts) + 1)]
    out = False
    for line in (ROOT / ".dockerignore").read_text().splitlines():
        pattern = line.removeprefix("!")
        if not pattern or pattern.startswith("#"):
            continue
        anywhere = pattern.removeprefix("**/")
        for each in above:
            name = each.rpartition("/")[2] if pattern != anywhere else each
            has_depth = pattern == anywhere and each.count("/") != pattern.count("/")
            if not has_depth and fnmatch.fnmatchcase(name, anywhere):
                out = not line.startswith("!")
    return out


@pytest.mark.parametrize("path", [*dev.LEFT_BEHIND, *SECRETS, ".git/config", "tests/a.py"])
def test_nothing_of_this_machine_goes_into_an_image(path: str):
    assert is_left_out(path)
    assert is_left_out(f"{path}/x")


def test_all_that_the_wheel_is_built_from_does():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    packages = project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    needed = [project["project"]["readme"], *project["project"]["license-files"]]
    needed += ["pyproject.toml", *dev.INSTALLED_FROM, "clients/browser/package-lock.json"]
    needed += ["clients/browser/src/main.ts", "clients/browser/licences.ts"]
    needed += [f"{package}/__init__.py" for package in packages]
    assert [path for path in needed if is_left_out(path)] == []
    assert [path for path in needed if not (ROOT / path).exists()] == []


def test_the_image_is_built_with_the_versions_that_are_tested():
    assert "pip wheel --no-cache-dir --constraint constraints.txt" in DOCKERFILE
    assert "PIP_BUILD_CONSTRAINT=/source/constraints.txt" in DOCKERFILE
    assert f"--find-links /wheels {DISTRIBUTION} " in DOCKERFILE


def health_check() -> list[str]:
    found = re.search(r"^HEALTHCHECK .*? CMD (\[.*\])$", DOCKERFILE, re.MULTILINE)
    assert found is not None
    words = json.loads(found[1])
    assert words[0] == "python"
    return [sys.executable, *words[1:]]


def health(workshop: Workshop, **variables: str) -> int:
    environment = {**workshop.environment(), "PYTHONPATH": str(ROOT), **variables}
    command = health_check()
    return subprocess.run(
        command, cwd=workshop.folder, env=environment, stderr=subprocess.PIPE, check=False
    ).returncode


@pytest.mark.slow
def test_the_health_check_follows_the_port_however_it_is_set(tmp_path: Path):
    workshop = Workshop(tmp_path)
    assert health(workshop) != 0, "nothing listens yet"
    workshop.serve("skirmish serve")
    try:
        assert health(workshop) == 0
        (tmp_path / "skirmish.toml").write_text(f"[net]\nport = {workshop.port}\n")
        assert health(workshop, PORT=str(workshop.second_port)) != 0
        told = {"PORT": str(workshop.second_port), "SKIRMISH_NET__PORT": str(workshop.port)}
        assert health(workshop, **told, SKIRMISH_NET__HOST="0.0.0.0") == 0
        assert health(workshop, **told, http_proxy="http://127.0.0.1:1") == 0
    finally:
        workshop.stop()
