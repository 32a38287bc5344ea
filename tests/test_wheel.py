"""The wheel has what an installation needs: the page, the licences of what is in it, commands."""

import json
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from hatchling.metadata.core import ProjectMetadata

import hatch_build
from build_compiled import lacking
from game.compiled import COMPLETE, SUFFIX, build_name

ROOT = Path(__file__).parents[1]
PAGE = "clients/browser/dist/"

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-index"]
    command += ["--no-build-isolation", "--disable-pip-version-check", "-w", str(folder), "."]
    subprocess.run(command, cwd=ROOT, check=True, timeout=120)
    (file,) = folder.glob("skirmish_arena-*.whl")
    with zipfile.ZipFile(file) as opened:
        yield opened


def test_it_has_the_page_and_not_what_the_page_is_built_from(wheel: zipfile.ZipFile):
    names = wheel.namelist()
    assert f"{PAGE}index.html" in names
    sources = ("clients/browser/src", "clients/browser/node_modules", "tests/", "bench/", "docs/")
    assert not [name for name in names if name.startswith(sources)]


def test_the_page_links_the_licences_of_all_that_it_takes_from(wheel: zipfile.ZipFile):
    text = wheel.read(f"{PAGE}licences.txt").decode()
    assert 'href="./licences.txt"' in wheel.read(f"{PAGE}index.html").decode()
    manifest = json.loads((ROOT / "clients/browser/package.json").read_text())
    for name, version in manifest["dependencies"].items():
        assert f"{name} {version} (" in text


@pytest.mark.skipif(bool(lacking()), reason="nothing can be compiled here")
def test_the_wheel_has_the_compiled_modules_for_this_python(wheel: zipfile.ZipFile):
    names = wheel.namelist()
    build = f"game/built/{build_name()}"
    assert f"{build}/{COMPLETE}" in names
    assert f"{build}/game/step{SUFFIX}" in names
    assert not wheel.filename.endswith("-none-any.whl")
    assert [name for name in names if name.startswith("maps/built/expanse-")]


def names_of(requirements: list[str]) -> set[str]:
    return {re.match(r"[\w.-]+", line)[0] for line in requirements}


def test_it_is_compiled_with_all_that_the_modules_import_at_hand():
    hook = hatch_build.get_build_hook()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    made = hook(str(ROOT), {}, None, ProjectMetadata(str(ROOT), None), "", "wheel")
    needed = names_of([*project["dependencies"], *hatch_build.COMPILER_REQUIREMENTS])
    assert lacking() or needed <= names_of(made.dependencies())


def test_it_has_our_own_licence_and_the_command(wheel: zipfile.ZipFile):
    about = next(name for name in wheel.namelist() if name.endswith("/entry_points.txt"))
    assert "skirmish = server.cli:main" in wheel.read(about).decode()
    assert any(name.endswith("licenses/LICENSE") for name in wheel.namelist())
