"""A backup made as OPERATIONS says restores a server: the same secret, the same database."""

import subprocess
from pathlib import Path

import pytest

from tests.docs.pages import ROOT, blocks
from tests.docs.workshop import Workshop

pytestmark = pytest.mark.slow


def steps(word: str, library: Path) -> str:
    """The commands of the block with this word, with the test's folder in place of /var/lib."""
    (found,) = [
        block.text
        for block in blocks(ROOT / "docs" / "OPERATIONS.md")
        if block.language == "sh" and word in block.text
    ]
    lines = [line for line in found.splitlines() if "systemctl" not in line]
    return "\n".join(lines).replace("sudo ", "").replace("/var/lib", str(library))


def test_a_restored_backup_is_served_again(tmp_path: Path):
    workshop = Workshop(tmp_path)
    data = tmp_path / "lib" / "skirmish"
    data.mkdir(parents=True)
    serve = f"skirmish serve --store.data_dir {data}"
    workshop.serve(serve)
    workshop.stop()
    secret = (data / "secret").read_bytes()
    subprocess.run(["bash", "-eu", "-c", steps("--create", data.parent)], cwd=tmp_path, check=True)
    (data / "secret").unlink()
    workshop.serve(serve)
    workshop.stop()
    assert (data / "secret").read_bytes() != secret
    subprocess.run(["bash", "-eu", "-c", steps("--extract", data.parent)], cwd=tmp_path, check=True)
    assert (data / "secret").read_bytes() == secret
    assert (data / "skirmish.sqlite3").exists()
    assert (data / "journals").is_dir()
    workshop.serve(serve)
    workshop.stop()
