"""The wheel has what an installation needs: the page, the licences of what is in it, commands."""

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

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


def test_it_has_our_own_licence_and_the_command(wheel: zipfile.ZipFile):
    about = next(name for name in wheel.namelist() if name.endswith("/entry_points.txt"))
    assert "skirmish = server.cli:main" in wheel.read(about).decode()
    assert any(name.endswith("licenses/LICENSE") for name in wheel.namelist())
